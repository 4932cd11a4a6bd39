/** What the owner is not told of, why, and what that has hidden so far. */
import Button from 'react-bootstrap/Button';
import type { Mute } from '../../../src/api/contract.ts';
import { May } from '../account/may.tsx';
import { useAddMute, useExpect, useMutes, useRemoveMute } from '../alert/queries.ts';
import { kindInWords } from '../alert/words.ts';
import { useDevices } from '../device/queries.ts';
import { formatExact, inOwnZone, plural } from '../format.ts';
import { Page } from '../part/page.tsx';
import { SeverityBadge } from '../part/severity.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { tell, whenDone } from '../part/toast.tsx';
import { When } from '../part/when.tsx';

export function MutesPage() {
  const { data: mutes, error, isPending, refetch } = useMutes();
  return (
    <Page
      title="Hidden alerts"
      heading="Hidden alerts"
      lead="What you have called expected or do not want to be told of. It is still counted here."
    >
      <section className="panel" aria-label="What is hidden">
        {isPending && <Skeleton lines={6} label="Loading what is hidden" />}
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        {mutes?.length === 0 && (
          <Empty icon="bellOff" title="Nothing is hidden">
            “This is expected” and “Do not tell me of such alerts” on the page of an alert add to this list.
          </Empty>
        )}
        <ul className="mutes">
          {mutes?.map((mute) => (
            <MuteItem key={mute.id} mute={mute} />
          ))}
        </ul>
      </section>
    </Page>
  );
}

function MuteItem({ mute }: { mute: Mute }) {
  const { id, device, kind, destination, until, reason, hidden, alert } = mute;
  const remove = useRemoveMute();
  const add = useAddMute();
  const expect = useExpect(alert ?? 0);
  const devices = useDevices().data?.devices ?? [];
  const named = devices.find(({ macs, ips }) => device && (macs.includes(device) || ips.includes(device)));
  const what = [
    kind ? `“${kindInWords(kind)}”` : 'Everything',
    device && `of ${named?.name ?? device}`,
    destination && `to ${destination}`,
  ].filter(Boolean);
  const tellAgain = () =>
    whenDone(remove.mutateAsync(id), () =>
      tell('It is told again.', () =>
        alert === undefined
          ? add.mutateAsync({
              ...(device && { device }),
              ...(kind && { kind }),
              ...(destination && { destination }),
              ...(until && { until }),
            })
          : expect.mutateAsync({ anywhere: destination === undefined, ...(until && { until }) }),
      ),
    );
  return (
    <li className="mute">
      <div className="mute-text">
        <p className="fw-semibold mb-0">{what.join(' ')}</p>
        <p className="text-body-secondary mb-0">
          {reason === 'expected' ? 'You called it expected' : 'You do not want to be told'}
          {until ? `, until ${formatExact(new Date(until * 1000))}` : ', for good'};{' '}
          {hidden.count === 0 ? 'nothing hidden so far' : `${plural(hidden.count, 'alert')} hidden so far`}.
        </p>
        {hidden.alerts.length > 0 && (
          <details>
            <summary>The newest of them</summary>
            <ul className="mute-hidden">
              {hidden.alerts.map((alert) => (
                <li key={`${alert.ts} ${inOwnZone(alert.sentence, alert.ts)}`}>
                  <SeverityBadge severity={alert.severity} /> {inOwnZone(alert.sentence, alert.ts)}{' '}
                  <When time={alert.ts} />
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <May as="operator">
        <Button variant="outline-secondary" size="sm" disabled={remove.isPending} onClick={() => void tellAgain()}>
          Tell me again
        </Button>
      </May>
    </li>
  );
}
