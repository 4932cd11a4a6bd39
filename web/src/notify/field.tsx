/** One field of a form: its label, what it is for, and what is wrong with it. */
import type { ReactNode } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { ChannelForm, HiddenSecret } from '../../../src/api/contract.ts';

export type FieldValue = string | boolean | HiddenSecret | null;

interface LabelledProps {
  id: string;
  label: string;
  description?: string;
  problem?: string;
  optional?: boolean;
  children: ReactNode;
}

/** What an input needs to be read out with its description and its problem. */
export const described = (id: string, hasDescription: boolean, problem?: string) => ({
  'aria-describedby':
    [hasDescription && `${id}-about`, problem && `${id}-problem`].filter(Boolean).join(' ') || undefined,
  'aria-invalid': problem ? true : undefined,
  isInvalid: problem !== undefined,
});

export function Labelled({ id, label, description, problem, optional, children }: LabelledProps) {
  return (
    <Form.Group controlId={id} className="field">
      <Form.Label>
        {label}
        {optional && <span className="field-optional"> (optional)</span>}
      </Form.Label>
      {children}
      {problem && (
        <div id={`${id}-problem`} className="field-problem">
          {problem}
        </div>
      )}
      {description && (
        <Form.Text id={`${id}-about`} className="field-about">
          {description}
        </Form.Text>
      )}
    </Form.Group>
  );
}

interface FieldProps {
  id: string;
  field: ChannelForm['fields'][number];
  value: FieldValue;
  /** The secret that is kept while nothing is written over it. */
  kept?: HiddenSecret;
  problem?: string;
  onChange: (value: FieldValue) => void;
}

const isSet = (value: FieldValue): boolean => typeof value === 'object' && value !== null;

export function Field({ id, field, value, kept, problem, onChange }: FieldProps) {
  const { label, description, type, choices, required } = field;
  const about = type === 'list' ? `${description} One on each line.` : description;
  const common = { ...described(id, about !== '', problem), required: required && !isSet(value) };
  const text = typeof value === 'string' ? value : '';
  if (type === 'yes-no') {
    return (
      <div className="field">
        <Form.Check
          type="switch"
          id={id}
          label={label}
          checked={value === true}
          aria-describedby={common['aria-describedby']}
          onChange={({ target }) => onChange(target.checked)}
        />
        <Form.Text id={`${id}-about`} className="field-about">
          {description}
        </Form.Text>
      </div>
    );
  }
  return (
    <Labelled id={id} label={label} description={about} problem={problem} optional={!required && !field.rare}>
      {type === 'choice' ? (
        <Form.Select {...common} value={text} onChange={({ target }) => onChange(target.value)}>
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </Form.Select>
      ) : type === 'list' || type === 'long-text' ? (
        <Form.Control
          {...common}
          as="textarea"
          rows={type === 'list' ? 2 : 3}
          spellCheck={false}
          value={text}
          onChange={({ target }) => onChange(target.value)}
        />
      ) : type === 'secret' ? (
        <div className="secret">
          <Form.Control
            {...common}
            type="password"
            autoComplete="new-password"
            spellCheck={false}
            value={text}
            placeholder={isSet(value) ? 'Set, and kept as it is' : kept ? 'Will be taken out' : undefined}
            onChange={({ target }) => onChange(target.value === '' && kept ? kept : target.value)}
          />
          {kept && !required && isSet(value) && (
            <Button variant="outline-secondary" onClick={() => onChange(null)}>
              Take out
            </Button>
          )}
        </div>
      ) : (
        <Form.Control
          {...common}
          type={type === 'number' ? 'number' : 'text'}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Labelled>
  );
}
