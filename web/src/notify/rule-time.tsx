/** When a rule tells: at once, at once but not at night, or gathered. */
import Form from 'react-bootstrap/Form';
import type { NotificationRule } from '../../../src/api/contract.ts';
import { Checks } from './checks.tsx';
import { described, Labelled } from './field.tsx';
import type { ProblemOf } from './problems.ts';
import { type Weekday, weekdays } from './rule-words.ts';

interface TimeFieldsProps {
  id: string;
  rule: NotificationRule;
  problem: ProblemOf;
  onChange: (change: Partial<NotificationRule>) => void;
}

type Quiet = NonNullable<NotificationRule['quietHours']>;
type Digest = NonNullable<NotificationRule['digest']>;
const dayChoices = Object.entries(weekdays) as [Weekday, string][];

const night: Quiet = { from: '22:00', to: '07:00', days: [], afterwards: 'tell', criticalPasses: true };
const daily: Digest = { every: 'day', at: '08:00', day: 'mon' };
const times = [
  ['once', 'At once'],
  ['quiet', 'At once, with quiet hours'],
  ['digest', 'Gathered in one message'],
] as const;

export function TimeFields({ id, rule: { quietHours, digest }, problem, onChange }: TimeFieldsProps) {
  const when = digest ? 'digest' : quietHours ? 'quiet' : 'once';
  const choose = (next: string) =>
    onChange({
      quietHours: next === 'quiet' ? (quietHours ?? night) : undefined,
      digest: next === 'digest' ? (digest ?? daily) : undefined,
    });
  return (
    <>
      <Labelled id={id} label="When">
        <Form.Select value={when} onChange={({ target }) => choose(target.value)}>
          {times.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </Form.Select>
      </Labelled>
      {quietHours && (
        <QuietFields
          id={id}
          quiet={quietHours}
          problem={problem}
          onChange={(quiet) => onChange({ quietHours: quiet })}
        />
      )}
      {digest && (
        <DigestFields id={id} digest={digest} problem={problem} onChange={(one) => onChange({ digest: one })} />
      )}
    </>
  );
}

interface QuietFieldsProps {
  id: string;
  quiet: Quiet;
  problem: ProblemOf;
  onChange: (quiet: Quiet) => void;
}

function QuietFields({ id, quiet, problem, onChange }: QuietFieldsProps) {
  return (
    <div className="subfields">
      <div className="field-row">
        <Time
          id={`${id}-from`}
          label="Quiet from"
          problem={problem('quietHours.from', 'Quiet from')}
          value={quiet.from}
          onChange={(from) => onChange({ ...quiet, from })}
        />
        <Time
          id={`${id}-to`}
          label="Until"
          problem={problem('quietHours.to', 'Until') ?? problem('quietHours', 'Until')}
          value={quiet.to}
          onChange={(to) => onChange({ ...quiet, to })}
        />
        <Labelled id={`${id}-afterwards`} label="What came in meanwhile">
          <Form.Select
            value={quiet.afterwards}
            onChange={({ target }) => onChange({ ...quiet, afterwards: target.value as Quiet['afterwards'] })}
          >
            <option value="tell">Told together afterwards</option>
            <option value="drop">Not told</option>
          </Form.Select>
        </Labelled>
      </div>
      <Form.Check
        type="switch"
        className="field"
        id={`${id}-critical`}
        label="Critical alerts do not wait"
        checked={quiet.criticalPasses}
        onChange={({ target }) => onChange({ ...quiet, criticalPasses: target.checked })}
      />
      <Checks
        id={`${id}-days`}
        legend="Evenings on which it begins (none for every day)"
        choices={dayChoices}
        chosen={quiet.days}
        onChange={(days) => onChange({ ...quiet, days })}
      />
    </div>
  );
}

interface DigestFieldsProps {
  id: string;
  digest: Digest;
  problem: ProblemOf;
  onChange: (digest: Digest) => void;
}

function DigestFields({ id, digest, problem, onChange }: DigestFieldsProps) {
  return (
    <div className="subfields field-row">
      <Labelled id={`${id}-every`} label="How often">
        <Form.Select
          value={digest.every}
          onChange={({ target }) => onChange({ ...digest, every: target.value as Digest['every'] })}
        >
          <option value="hour">Every hour</option>
          <option value="day">Every day</option>
          <option value="week">Every week</option>
        </Form.Select>
      </Labelled>
      {digest.every === 'week' && (
        <Labelled id={`${id}-day`} label="Day">
          <Form.Select
            value={digest.day}
            onChange={({ target }) => onChange({ ...digest, day: target.value as Weekday })}
          >
            {dayChoices.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </Form.Select>
        </Labelled>
      )}
      <Time
        id={`${id}-at`}
        label="At"
        description={digest.every === 'hour' ? 'Only the minutes count.' : undefined}
        problem={problem('digest.at', 'At')}
        value={digest.at}
        onChange={(at) => onChange({ ...digest, at })}
      />
    </div>
  );
}

interface TimeProps {
  id: string;
  label: string;
  description?: string;
  problem?: string;
  value: string;
  onChange: (value: string) => void;
}

function Time({ id, label, description, problem, value, onChange }: TimeProps) {
  return (
    <Labelled id={id} label={label} description={description} problem={problem}>
      <Form.Control
        type="time"
        required
        {...described(id, description !== undefined, problem)}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </Labelled>
  );
}
