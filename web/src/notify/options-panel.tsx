/** What all channels share: the clock of rules, and the machines of the own network that may be reached. */
import { type FormEvent, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { Notifications } from '../../../src/api/contract.ts';
import { ApiError } from '../api.ts';
import { Failure } from '../part/state.tsx';
import { tell } from '../part/toast.tsx';
import { linesOf } from './channel-values.ts';
import { described, Labelled } from './field.tsx';
import { problemsOf, useFocusOnProblem } from './problems.ts';
import { useSaveOptions } from './queries.ts';

const zones = Intl.supportedValuesOf('timeZone');

export function OptionsPanel({ notifications: { time_zone, lan_targets, storm } }: { notifications: Notifications }) {
  const [zone, setZone] = useState(time_zone.from === 'page' ? time_zone.name : '');
  const [targets, setTargets] = useState(lan_targets.page.join('\n'));
  const save = useSaveOptions();
  const ref = useFocusOnProblem(save.error);
  const problem = problemsOf(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const options = { time_zone: zone.trim() || null, lan_targets: linesOf(targets) };
    save.mutate(options, { onSuccess: () => tell('Saved.') });
  };
  const zoneProblem = problem('time_zone', 'Time zone');
  const targetProblem = problem('lan_targets', 'Machines');
  const fixedZone = time_zone.from === 'file';
  const targetsAbout = [
    'Webhooks, ntfy, Apprise and chats reach the internet only, unless a machine is named here:',
    'an address, a network (192.168.1.0/24) or a name, with :port where only that is meant. One on each line.',
    lan_targets.file.length > 0 && `guardian.yaml names ${lan_targets.file.join(', ')}.`,
  ];
  const about = targetsAbout.filter(Boolean).join(' ');
  const beside = save.error instanceof ApiError && save.error.fields.length > 0;
  return (
    <details className="panel panel-details">
      <summary>
        <h2>Own network, clock and storms</h2>
      </summary>
      <Form ref={ref} className="settings-form" onSubmit={submit}>
        <Labelled id="lan-targets" label="Machines of your own network" description={about} problem={targetProblem}>
          <Form.Control
            as="textarea"
            rows={3}
            spellCheck={false}
            {...described('lan-targets', true, targetProblem)}
            value={targets}
            onChange={({ target }) => setTargets(target.value)}
          />
        </Labelled>
        <Labelled
          id="time-zone"
          label="Time zone of quiet hours and digests"
          description={
            fixedZone ? 'Set in guardian.yaml.' : `Empty for the one of this machine. In force: ${time_zone.name}.`
          }
          problem={zoneProblem}
        >
          <Form.Control
            list="time-zones"
            disabled={fixedZone}
            autoComplete="off"
            {...described('time-zone', true, zoneProblem)}
            value={fixedZone ? time_zone.name : zone}
            onChange={({ target }) => setZone(target.value)}
          />
        </Labelled>
        <datalist id="time-zones">
          {zones.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <p>
          A storm of alerts does not become a storm of messages: {storm.messages} within {storm.window_minutes} minutes
          leave a channel at once, and always the first of each kind and whatever is worse; the rest comes in one
          message.
        </p>
        {save.error && !beside && <Failure error={save.error} takeFocus />}
        <Button type="submit" variant="outline-secondary" disabled={save.isPending}>
          Keep the options
        </Button>
      </Form>
    </details>
  );
}
