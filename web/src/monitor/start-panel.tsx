/** How to start watching: from here, or with the command. */
import { type FormEvent, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import { Panel } from '../part/page.tsx';
import { Failure, Skeleton } from '../part/state.tsx';
import { useInterfaces, useMonitor, useStart } from './queries.ts';

export function StartPanel() {
  const { data: interfaces, error, isPending, refetch } = useInterfaces();
  const start = useStart();
  const command = useMonitor().data?.command ?? 'guardian';
  const [chosen, setChosen] = useState<string | null>(null);
  // One that is up and has an address of its network is the likeliest.
  const likely = interfaces?.find(({ name, up, addresses }) => up && addresses.length > 0 && name !== 'lo');
  const name = chosen ?? likely?.name ?? interfaces?.[0]?.name ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate(name);
  };
  return (
    <Panel title="Watch your network">
      <p>
        Guardian lists the devices of your network, learns what is ordinary for each of them, and tells you when one
        starts to behave differently. It sees the traffic that reaches the interface you choose: all of it on a router,
        a bridge or a mirror port; on an ordinary computer its own and what is sent to everybody.
      </p>
      {isPending && <Skeleton lines={2} label="Loading the interfaces" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {interfaces && interfaces.length > 0 && (
        <Form className="start-form" onSubmit={submit}>
          <Form.Group controlId="interface">
            <Form.Label>Interface</Form.Label>
            <Form.Select value={name} onChange={({ target }) => setChosen(target.value)}>
              {interfaces.map(({ name, up, addresses }) => (
                <option key={name} value={name}>
                  {[name, addresses[0], !up && '(down)'].filter(Boolean).join(' ')}
                </option>
              ))}
            </Form.Select>
          </Form.Group>
          <Button type="submit" disabled={start.isPending}>
            Start watching
          </Button>
        </Form>
      )}
      {interfaces?.length === 0 && <p>This machine has no interface that can be watched.</p>}
      {start.error && (
        <div className="mt-3">
          <Failure error={start.error} takeFocus />
        </div>
      )}
      <details className="start-command">
        <summary>With the command line</summary>
        <pre className="command">
          <code>
            {command} doctor --interface {name || 'eth0'}
            {'\n'}
            {command} serve --interface {name || 'eth0'}
          </code>
        </pre>
        <p className="text-body-secondary mb-0">
          The first line says what is missing and prints the command that mends it. The second watches from the start:
          end the Guardian that shows this page first.
        </p>
      </details>
    </Panel>
  );
}
