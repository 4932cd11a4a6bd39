/** Some of many: boxes in a group. */
import Form from 'react-bootstrap/Form';

interface ChecksProps<T extends string> {
  id: string;
  legend: string;
  choices: readonly (readonly [T, string])[];
  chosen: readonly T[];
  problem?: string;
  onChange: (chosen: T[]) => void;
}

export function Checks<T extends string>({ id, legend, choices, chosen, problem, onChange }: ChecksProps<T>) {
  return (
    <fieldset className="field" aria-describedby={problem && `${id}-problem`}>
      <legend className="form-label">{legend}</legend>
      <div className="checks">
        {choices.map(([value, name]) => (
          <Form.Check
            key={value}
            type="checkbox"
            id={`${id}-${value}`}
            label={name}
            checked={chosen.includes(value)}
            aria-invalid={problem ? true : undefined}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
            }
          />
        ))}
      </div>
      {problem && (
        <div id={`${id}-problem`} className="field-problem">
          {problem}
        </div>
      )}
    </fieldset>
  );
}

interface ChannelChoiceProps extends Omit<ChecksProps<string>, 'choices'> {
  channels: readonly string[];
}

/** Every channel, also those to come, or some of them. */
export function ChannelChoice({ channels, chosen, onChange, ...rest }: ChannelChoiceProps) {
  // A channel that is gone can still be taken out.
  const all = [...new Set([...channels, ...chosen.filter((name) => name !== '*')])];
  const choices = [['*', 'Every channel'] as const, ...all.map((name) => [name, name] as const)];
  return (
    <Checks
      {...rest}
      choices={choices}
      chosen={chosen}
      onChange={(next) => {
        const everyone = next.includes('*') && !chosen.includes('*');
        onChange(everyone ? ['*'] : next.length > 1 ? next.filter((name) => name !== '*') : next);
      }}
    />
  );
}
