/** For how long, as a choice. */
import Form from 'react-bootstrap/Form';
import { hideTimes } from './hide-times.ts';

interface HideTimeProps {
  /** Of the whole page. */
  id: string;
  value: number;
  onChange: (time: number) => void;
}

export function HideTime({ id, value, onChange }: HideTimeProps) {
  return (
    <fieldset className="mb-3">
      <legend className="form-label">How long</legend>
      {hideTimes.map(({ name }, i) => (
        <Form.Check
          key={name}
          inline
          type="radio"
          name={id}
          id={`${id}-${i}`}
          label={name}
          checked={value === i}
          onChange={() => onChange(i)}
        />
      ))}
    </fieldset>
  );
}
