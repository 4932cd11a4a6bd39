/** Whom to tell as well when nobody has reacted by then. */
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { NotificationRule } from '../../../src/api/contract.ts';
import { ChannelChoice } from './checks.tsx';
import { described, Labelled } from './field.tsx';
import type { ProblemOf } from './problems.ts';

type Step = NotificationRule['escalate'][number];

interface EscalateFieldsProps {
  id: string;
  steps: readonly Step[];
  channels: readonly string[];
  problem: ProblemOf;
  onChange: (steps: Step[]) => void;
}

const MOST_STEPS = 10;

export function EscalateFields({ id, steps, channels, problem, onChange }: EscalateFieldsProps) {
  const replace = (i: number, some: Partial<Step>) => onChange(steps.with(i, { ...steps[i], ...some }));
  return (
    <details className="more-settings" open={steps.length > 0 || undefined}>
      <summary>When nobody reacts</summary>
      {steps.map((step, i) => {
        const field = `${id}-${i}`;
        const wrong = problem(`escalate.${i}.afterMinutes`, 'Minutes');
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no identity but their place
          <fieldset key={i} className="subfields">
            <legend className="visually-hidden">Step {i + 1}</legend>
            <Labelled
              id={field}
              label="After so many minutes"
              description="Unless somebody has looked after the alert."
              problem={wrong}
            >
              <Form.Control
                type="number"
                min={1}
                max={10_080}
                required
                {...described(field, true, wrong)}
                value={step.afterMinutes || ''}
                onChange={({ target }) => replace(i, { afterMinutes: Number(target.value) })}
              />
            </Labelled>
            <ChannelChoice
              id={`${field}-channels`}
              legend="Tell"
              channels={channels}
              chosen={step.channels}
              problem={problem(`escalate.${i}.channels`, 'Channels')}
              onChange={(chosen) => replace(i, { channels: chosen })}
            />
            <Button variant="outline-secondary" size="sm" onClick={() => onChange(steps.toSpliced(i, 1))}>
              Take this step out
            </Button>
          </fieldset>
        );
      })}
      {steps.length < MOST_STEPS && (
        <Button
          variant="outline-secondary"
          size="sm"
          onClick={() => onChange([...steps, { afterMinutes: 15, channels: ['*'] }])}
        >
          Add a step
        </Button>
      )}
    </details>
  );
}
