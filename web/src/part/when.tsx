/** A moment as "3 minutes ago", exact on hover, kept current. */
import { useSyncExternalStore } from 'react';
import { formatExact, formatRelative } from '../format.ts';

const STEP_MS = 30_000;
const now = (): number => Math.floor(Date.now() / STEP_MS) * STEP_MS;

function everyStep(listener: () => void): () => void {
  const timer = setInterval(listener, STEP_MS);
  return () => clearInterval(timer);
}

/** A moment to come; one that is near is not counted down. */
export function Soon({ time }: { time: number }) {
  const current = useSyncExternalStore(everyStep, now);
  return time * 1000 - current < 2 * STEP_MS ? <>in a moment</> : <When time={time} />;
}

/** Takes ISO 8601, or seconds since 1970 UTC. */
export function When({ time }: { time: string | number }) {
  const at = new Date(typeof time === 'number' ? time * 1000 : time);
  const current = useSyncExternalStore(everyStep, now);
  return (
    <time dateTime={at.toISOString()} title={formatExact(at)}>
      {formatRelative(at, Math.max(current, now()))}
    </time>
  );
}
