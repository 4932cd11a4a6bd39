/** A rule to write: of what, to whom, and when. */
import { type FormEvent, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { NotificationRule } from '../../../src/api/contract.ts';
import { ApiError } from '../api.ts';
import { severities } from '../part/severity.tsx';
import { Failure } from '../part/state.tsx';
import { linesOf } from './channel-values.ts';
import { ChannelChoice, Checks } from './checks.tsx';
import { described, Labelled } from './field.tsx';
import { problemsOf, useFocusOnProblem } from './problems.ts';
import { EscalateFields } from './rule-escalate.tsx';
import { TimeFields } from './rule-time.tsx';
import { type RuleKind, ruleKinds } from './rule-words.ts';

interface RuleFormProps {
  rule: NotificationRule;
  index: number;
  channels: readonly string[];
  error: Error | null;
  busy: boolean;
  onSave: (rule: NotificationRule) => void;
  onCancel: () => void;
}

const kindChoices = Object.entries(ruleKinds) as [RuleKind, string][];

export function RuleForm({ rule: given, index, channels, error, busy, onSave, onCancel }: RuleFormProps) {
  const [rule, setRule] = useState(given);
  const [devices, setDevices] = useState(given.devices.join('\n'));
  const ref = useFocusOnProblem(error);
  const problem = problemsOf(error, `rules.${index}`);
  const id = (name: string): string => `rule-${index}-${name}`;
  const change = (some: Partial<NotificationRule>) => setRule((all) => ({ ...all, ...some }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave({ ...rule, name: rule.name.trim(), devices: linesOf(devices) });
  };
  const named = problem('name', 'Name');
  const spoken = problem('devices', 'Devices');
  const beside = error instanceof ApiError && error.fields.length > 0;
  return (
    <Form ref={ref} className="settings-form" onSubmit={submit} aria-label={given.name || 'New rule'}>
      <div className="field-row">
        <Labelled id={id('name')} label="Name" problem={named}>
          {/* The button that opened the form is gone: the next key belongs here. */}
          <Form.Control
            autoFocus
            required
            maxLength={64}
            autoComplete="off"
            {...described(id('name'), false, named)}
            value={rule.name}
            onChange={({ target }) => change({ name: target.value })}
          />
        </Labelled>
        <Labelled id={id('severity')} label="Least severe alert that is told">
          <Form.Select
            value={rule.minSeverity}
            onChange={({ target }) => change({ minSeverity: target.value as NotificationRule['minSeverity'] })}
          >
            {severities.map((severity) => (
              <option key={severity}>{severity}</option>
            ))}
          </Form.Select>
        </Labelled>
      </div>
      <ChannelChoice
        id={id('channels')}
        legend="Channels"
        channels={channels}
        chosen={rule.channels}
        problem={problem('channels', 'Channels')}
        onChange={(chosen) => change({ channels: chosen })}
      />
      <TimeFields id={id('time')} rule={rule} problem={problem} onChange={change} />
      <details className="more-settings" open={given.kinds.length + given.devices.length > 0 || undefined}>
        <summary>Only some kinds or devices</summary>
        <Checks
          id={id('kinds')}
          legend="Kinds (none for all)"
          choices={kindChoices}
          chosen={rule.kinds}
          onChange={(kinds) => change({ kinds })}
        />
        <Labelled
          id={id('devices')}
          label="Devices (none for all)"
          description="By name or address. One on each line."
          problem={spoken}
        >
          <Form.Control
            as="textarea"
            rows={2}
            {...described(id('devices'), true, spoken)}
            value={devices}
            onChange={({ target }) => setDevices(target.value)}
          />
        </Labelled>
      </details>
      <EscalateFields
        id={id('escalate')}
        steps={rule.escalate}
        channels={channels}
        problem={problem}
        onChange={(escalate) => change({ escalate })}
      />
      {error && !beside && <Failure error={error} takeFocus />}
      <div className="form-actions">
        <Button type="submit" disabled={busy}>
          Keep the rule
        </Button>
        <Button variant="outline-secondary" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
