/** The owner's word on an alert: somebody looks after it, or it is how it should be. Each can be taken back. */
import { useEffect, useRef } from 'react';
import Button from 'react-bootstrap/Button';
import type { Expected, LiveAlert } from '../../../src/api/contract.ts';
import { formatCount, plural } from '../format.ts';
import { Icon } from '../part/icon.tsx';
import { Failure } from '../part/state.tsx';
import { tell } from '../part/toast.tsx';
import { Link } from '../router.tsx';
import { ExpectButton } from './expect.tsx';
import { useAlertAction, useExpect, useRemoveMute } from './queries.ts';

export function AlertActions({ alert }: { alert: LiveAlert }) {
  const { id, status } = alert;
  const action = useAlertAction(id);
  const expect = useExpect(id);
  const remove = useRemoveMute();
  const takeOn = () =>
    action.mutate('acknowledge', {
      onSuccess: () => tell('You look after it.', () => action.mutateAsync('reopen')),
    });
  const takeBack = ({ mute }: Expected) => remove.mutate(mute, { onSuccess: () => expect.reset() });
  const error = action.error ?? expect.error ?? remove.error;
  const busy = action.isPending || expect.isPending || remove.isPending;
  return (
    <>
      <div className="alert-actions">
        {/* One button for both, so that the focus stays where it was. */}
        {!expect.data && (
          <Button
            data-key="i"
            variant={status === 'open' ? 'primary' : 'outline-secondary'}
            onClick={status === 'open' ? takeOn : () => action.mutate('reopen')}
          >
            {status === 'open' ? (
              <>
                <Icon name="personCheck" /> I’m on it
              </>
            ) : (
              'Open it again'
            )}
          </Button>
        )}
        {status !== 'expected' && (
          <ExpectButton alert={alert} disabled={busy} onExpect={(scope) => expect.mutate(scope)} />
        )}
      </div>
      {error && <Failure error={error} takeFocus />}
      {expect.data && <Effect effect={expect.data} busy={busy} onUndo={takeBack} />}
    </>
  );
}

interface EffectProps {
  effect: Expected;
  busy: boolean;
  onUndo: (effect: Expected) => void;
}

/** What "This is expected" has done, in numbers. */
function Effect({ effect, busy, onUndo }: EffectProps) {
  const { points, usual_per_week } = effect;
  const ref = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone.
  useEffect(() => ref.current?.focus(), []);
  return (
    <div ref={ref} tabIndex={-1} className="notice" role="status">
      <Icon name="check" className="notice-icon" />
      <div className="notice-text">
        <p className="fw-semibold mb-1">Understood: you will not be told of this again.</p>
        <p className="mb-0">
          {points > 0 && `Guardian has learned from ${plural(points, 'observation')}. `}
          {usual_per_week &&
            `So far an hour as unusual as this came ${timesAWeek(usual_per_week.before)}; now Guardian takes it for one that comes ${timesAWeek(usual_per_week.after)}. `}
          You find it under <Link href="/mutes">Hidden alerts</Link>.
        </p>
      </div>
      <Button variant="outline-secondary" size="sm" disabled={busy} onClick={() => onUndo(effect)}>
        Undo
      </Button>
    </div>
  );
}

const timesAWeek = (times: number): string =>
  times < 0.1 ? 'less than once in ten weeks' : `${times < 10 ? times.toFixed(1) : formatCount(times)} times a week`;
