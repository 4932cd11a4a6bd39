/** Not to be told of such alerts: which, for how long, and what that would have hidden. */
import { type FormEvent, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { LiveAlert, NewMute } from '../../../src/api/contract.ts';
import { plural } from '../format.ts';
import { Failure } from '../part/state.tsx';
import { tell } from '../part/toast.tsx';
import { useAddMute, useMutePreview, useRemoveMute } from './queries.ts';
import { kindInWords } from './words.ts';

const times = [
  { name: 'for an hour', seconds: 3600 },
  { name: 'for a day', seconds: 86_400 },
  { name: 'for good', seconds: null },
];

interface Scope {
  name: string;
  mute: NewMute;
}

function scopesOf({ address: device, device: name, kind, hosts }: LiveAlert): Scope[] {
  const what = `“${kindInWords(kind)}”`;
  const destination = hosts.at(1);
  return [
    { name: `${what} of ${name}`, mute: { device, kind } },
    { name: `Everything of ${name}`, mute: { device } },
    { name: `${what} of every device`, mute: { kind } },
    ...(destination ? [{ name: `Everything to ${destination}`, mute: { destination } }] : []),
  ];
}

export function MuteForm({ alert }: { alert: LiveAlert }) {
  const scopes = scopesOf(alert);
  const [scope, setScope] = useState(0);
  const [time, setTime] = useState(0);
  const add = useAddMute();
  const remove = useRemoveMute();
  const { mute } = scopes[scope];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { seconds, name } = times[time];
    const until = seconds === null ? {} : { until: Math.round(Date.now() / 1000) + seconds };
    add.mutate(
      { ...mute, ...until },
      { onSuccess: ({ id }) => tell(`Hidden ${name}: ${scopes[scope].name}.`, () => remove.mutateAsync(id)) },
    );
  };
  return (
    <details className="panel panel-details">
      <summary>
        <h2>Do not tell me of such alerts</h2>
      </summary>
      <Form onSubmit={submit}>
        <Form.Group controlId="mute-scope" className="mb-3">
          <Form.Label>Which</Form.Label>
          <Form.Select value={scope} onChange={({ target }) => setScope(Number(target.value))}>
            {scopes.map(({ name }, i) => (
              <option key={name} value={i}>
                {name}
              </option>
            ))}
          </Form.Select>
        </Form.Group>
        <fieldset className="mb-3">
          <legend className="form-label">How long</legend>
          {times.map(({ name }, i) => (
            <Form.Check
              key={name}
              inline
              type="radio"
              name="mute-time"
              id={`mute-time-${i}`}
              label={name}
              checked={time === i}
              onChange={() => setTime(i)}
            />
          ))}
        </fieldset>
        <Preview mute={mute} />
        {add.error && <Failure error={add.error} takeFocus />}
        <Button type="submit" variant="outline-secondary" disabled={add.isPending}>
          Hide them
        </Button>
      </Form>
    </details>
  );
}

function Preview({ mute }: { mute: NewMute }) {
  const { data, error } = useMutePreview(mute);
  if (error) return <Failure error={error} />;
  return (
    <p className="mute-preview" role="status">
      {data
        ? `This would have hidden ${data.count === 0 ? 'none of the alerts' : plural(data.count, 'alert')} of the last 30 days.`
        : 'Looking what this would have hidden …'}
    </p>
  );
}
