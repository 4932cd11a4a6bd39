/** Not to be told of such alerts: which, for how long, and what that would have hidden. */
import { type FormEvent, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { LiveAlert, NewMute } from '../../../src/api/contract.ts';
import { Failure } from '../part/state.tsx';
import { tell } from '../part/toast.tsx';
import { HiddenPreview } from './hidden-preview.tsx';
import { HideTime } from './hide-time.tsx';
import { hideTimes, untilOf } from './hide-times.ts';
import { useAddMute, useMutePreview, useRemoveMute } from './queries.ts';
import { deviceInWords, kindInWords } from './words.ts';

interface Scope {
  name: string;
  mute: NewMute;
}

function scopesOf(alert: LiveAlert): Scope[] {
  const { address: device, kind, hosts } = alert;
  const name = deviceInWords(alert);
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
  const preview = useMutePreview(mute);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      { ...mute, ...untilOf(time) },
      {
        onSuccess: ({ id }) =>
          tell(`Hidden ${hideTimes[time].name}: ${scopes[scope].name}.`, () => remove.mutateAsync(id)),
      },
    );
  };
  return (
    <details className="panel panel-details">
      <summary data-key="m">
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
        <HideTime id="mute-time" value={time} onChange={setTime} />
        <HiddenPreview data={preview.data} error={preview.error} />
        {add.error && <Failure error={add.error} takeFocus />}
        <Button type="submit" variant="outline-secondary" disabled={add.isPending}>
          Hide them
        </Button>
      </Form>
    </details>
  );
}
