/** The state of the monitor: a drawing, a word, and what to do where something is not seen. */
import type { ReactNode } from 'react';
import type { MonitorStatus } from '../../../src/api/contract.ts';
import { formatClock, formatDuration, plural } from '../format.ts';
import { useConnectionLost } from '../live.ts';
import { Icon, type IconName } from '../part/icon.tsx';
import { Progress } from '../part/progress.tsx';

type State = MonitorStatus['state'];

const looks: Record<State, { icon: IconName; word: string; className: string }> = {
  off: { icon: 'off', word: 'Off', className: 'text-body-secondary' },
  starting: { icon: 'waiting', word: 'Starting', className: 'text-body-secondary' },
  learning: { icon: 'learning', word: 'Learning', className: 'state-learning' },
  watching: { icon: 'watching', word: 'Watching', className: 'verdict-fine' },
  degraded: { icon: 'high', word: 'Degraded', className: 'verdict-degraded' },
  blind: { icon: 'blind', word: 'Blind', className: 'verdict-degraded' },
};

/** While the server does not answer nobody knows how it is: nothing stays green. */
const unknown = { icon: 'blind', word: 'Unknown', className: 'verdict-degraded' } as const;

export function StateBadge({ state }: { state: State }) {
  const isLost = useConnectionLost() !== null;
  const { icon, word, className } = isLost ? unknown : looks[state];
  return (
    <span className={`state ${className}`}>
      <Icon name={icon} /> {word}
    </span>
  );
}

/** What the state's sentence looks like: calm, something to look at, or nothing seen. */
export function StateIcon({ status: { state, open_alerts } }: { status: MonitorStatus }) {
  const isLost = useConnectionLost() !== null;
  if (isLost) return <Icon name={unknown.icon} className={unknown.className} />;
  if (state === 'watching' && open_alerts === 0) return <Icon name="check" className="verdict-fine" />;
  if (open_alerts > 0 && (state === 'watching' || state === 'learning')) {
    return <Icon name="high" className="verdict-degraded" />;
  }
  return <Icon name={looks[state].icon} className={looks[state].className} />;
}

/** How the network is; while the server does not answer, since when that is not known. */
export function StateSentence({ status }: { status: MonitorStatus | undefined }) {
  const lostAt = useConnectionLost();
  return (
    <>
      {lostAt === null
        ? (status?.sentence ?? 'Your network')
        : `Guardian has not answered since ${formatClock(lostAt / 1000)}.`}
    </>
  );
}

/** What is watched, how, and since when. */
export function StateLine({ status: { state, source, since }, children }: StateLineProps) {
  return (
    <span className="origin">
      <StateBadge state={state} />
      {source && <span>{source}</span>}
      {since > 0 && <span>since {formatClock(since)}</span>}
      {children}
    </span>
  );
}

interface StateLineProps {
  status: MonitorStatus;
  children?: ReactNode;
}

/** Prominent wherever traffic goes unseen: what that means, and what mends it. */
export function SightNotice({ status: { state, source, command } }: { status: MonitorStatus }) {
  if (state !== 'blind' && state !== 'degraded') return null;
  return (
    <div className="notice notice-failure" role="alert">
      <Icon name={looks[state].icon} className="notice-icon" />
      <div className="notice-text">
        <p className="fw-semibold mb-1">
          {state === 'blind' ? 'Nothing is judged at the moment.' : 'Some of the traffic is not judged.'}
        </p>
        <p className="mb-1">
          Check the cable, the mirror port and the interface; Guardian goes on by itself as soon as it sees traffic
          again. This names what is missing, and the command that mends it:
        </p>
        <code>
          {command} doctor{/^[\w.-]+$/.test(source ?? '') && ` --interface ${source}`}
        </code>
      </div>
    </div>
  );
}

export function LearningProgress({ status }: { status: MonitorStatus }) {
  const { learned_seconds, learn_seconds, devices, state } = status;
  if (state === 'off' || learned_seconds >= learn_seconds) return null;
  return (
    <div className="learning">
      <Progress label="Learning what is ordinary" fraction={learned_seconds / learn_seconds} />
      <p className="text-body-secondary mb-0">
        Learning what is ordinary: about {formatDuration(learn_seconds - learned_seconds)} left
        {devices.learning > 0 && `, still getting to know ${devices.learning} of ${plural(devices.known, 'device')}`}.
        Scans, floods and spoofing are reported from the start.
      </p>
    </div>
  );
}
