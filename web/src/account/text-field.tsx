/** One line of a form that is sent when it is whole. The browser's own password store knows it by its name. */
import { type HTMLInputAutoCompleteAttribute, useId } from 'react';
import Form from 'react-bootstrap/Form';
import { described, Labelled } from '../notify/field.tsx';

interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'email' | 'password';
  autoComplete: HTMLInputAutoCompleteAttribute;
  description?: string;
  inputMode?: 'numeric' | 'text';
  minLength?: number;
}

export function TextField({ label, value, onChange, type = 'text', description, ...input }: TextFieldProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label} description={description}>
      <Form.Control
        {...described(id, description !== undefined)}
        {...input}
        type={type}
        required
        spellCheck={false}
        autoCapitalize="off"
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </Labelled>
  );
}
