/** One channel: whether it works, and what can be done with it. */
import { useId, useRef, useState } from 'react';
import Button from 'react-bootstrap/Button';
import type { ChannelTest, ChannelForm as FormOf, NotificationChannel } from '../../../src/api/contract.ts';
import { formatDuration, plural } from '../format.ts';
import { Icon, type IconName } from '../part/icon.tsx';
import { InstantSwitch } from '../part/instant-switch.tsx';
import { useReturnFocus } from '../part/return-focus.ts';
import { tell, tellFailure } from '../part/toast.tsx';
import { Soon, When } from '../part/when.tsx';
import { AllowAddress } from './allow-address.tsx';
import { ChannelForm } from './channel-form.tsx';
import { useRemoveChannel, useSaveChannel, useTestChannel } from './queries.ts';

/** Most receivers answer at once. */
const SLOW_SECONDS = 2;

const icons: Readonly<Record<string, IconName>> = { email: 'mail', ntfy: 'bell', mqtt: 'house', webhook: 'link' };
const origins = { file: 'Set in guardian.yaml', environment: 'Set by MAIL_USER, MAIL_PASS and ALERT_EMAIL' } as const;

export function ChannelCard({ channel, forms }: { channel: NotificationChannel; forms: readonly FormOf[] }) {
  const [editing, setEditing] = useState(false);
  const change = useReturnFocus(editing);
  const test = useTestChannel();
  const { name, kind, from, enabled, failing, last_failed } = channel;
  // The state is newer than the result: another message may have come through, or failed, since.
  const result = enabled && test.data && (test.data.ok ? !last_failed : failing || last_failed) ? test.data : null;
  const isRefused = [result?.error?.code, failing?.code, last_failed?.code].includes('target_refused');
  const label = forms.find((one) => one.kind === kind)?.label ?? kind;
  return (
    <li className="channel">
      <div className="channel-head">
        <Icon name={icons[kind] ?? 'chat'} className="channel-icon" />
        <div className="channel-text">
          <h3>{name}</h3>
          <p className="text-body-secondary mb-0">
            {label}
            {from !== 'page' && ` · ${origins[from]}`}
          </p>
        </div>
        {from === 'page' && <EnabledSwitch channel={channel} />}
      </div>
      {(!result || result.ok || failing) && <ChannelState channel={channel} />}
      <div role="status">{result && <TestResult result={result} />}</div>
      {isRefused && <AllowAddress channel={channel} />}
      {editing ? (
        <ChannelForm
          forms={forms}
          channel={channel}
          onDone={() => {
            // It speaks of the settings of before.
            test.reset();
            setEditing(false);
          }}
        />
      ) : (
        <div className="channel-actions">
          <Button
            variant="outline-secondary"
            size="sm"
            disabled={!enabled || test.isPending}
            aria-label={`Send a test message to ${name}`}
            onClick={() => test.mutate(name, { onError: tellFailure })}
          >
            {test.isPending ? 'Sending …' : 'Send a test'}
          </Button>
          {from === 'page' && (
            <>
              <Button
                ref={change}
                variant="outline-secondary"
                size="sm"
                aria-label={`Change ${name}`}
                onClick={() => setEditing(true)}
              >
                Change
              </Button>
              <RemoveButton name={name} />
            </>
          )}
        </div>
      )}
    </li>
  );
}

/** In words, what is wrong first. */
function ChannelState({
  channel: { enabled, failing, last_delivered, last_failed, waiting, held, sending_since },
}: {
  channel: NotificationChannel;
}) {
  const slow = sending_since === null ? 0 : Date.now() / 1000 - sending_since;
  const also = [
    slow > SLOW_SECONDS && `It has been waiting for an answer for ${formatDuration(slow)}.`,
    waiting > 0 && `${plural(waiting, 'message')} ${waiting === 1 ? 'waits' : 'wait'} for it.`,
    held > 0 && `${plural(held, 'alert')} ${held === 1 ? 'is' : 'are'} held to be told together.`,
  ].filter(Boolean);
  if (!enabled) {
    return (
      <p className="channel-state text-body-secondary">
        <Icon name="off" /> Switched off: nobody is told here.
      </p>
    );
  }
  if (failing) {
    return (
      <div className="channel-state">
        <p className="verdict-degraded">
          <Icon name="high" /> Takes nothing since <When time={failing.since} />: {failing.message}
        </p>
        <p>
          {failing.hint} Next attempt <Soon time={failing.next_attempt} />. {also.join(' ')}{' '}
          <code className="notice-code">{failing.code}</code>
        </p>
      </div>
    );
  }
  if (last_failed) {
    const { ts, test, code, message, hint } = last_failed;
    return (
      <div className="channel-state">
        <p className="verdict-degraded">
          <Icon name="high" /> The last {test ? 'test message' : 'message'} was not taken (<When time={ts} />
          ): {message}
        </p>
        <p>
          {hint} {also.join(' ')} <code className="notice-code">{code}</code>
        </p>
      </div>
    );
  }
  return (
    <p className="channel-state">
      {last_delivered === null ? (
        <span className="text-body-secondary">
          <Icon name="info" /> Not used yet. A test message shows whether it works.
        </span>
      ) : (
        <span className="verdict-fine">
          <Icon name="check" /> Works, last message <When time={last_delivered} />.
        </span>
      )}{' '}
      {also.join(' ')}
    </p>
  );
}

function TestResult({ result: { ok, seconds, error } }: { result: ChannelTest }) {
  if (ok) {
    return (
      <p className="channel-test verdict-fine">
        <Icon name="check" /> The test message was accepted in {formatDuration(seconds)}. Check that it arrived.
      </p>
    );
  }
  return (
    <p className="channel-test">
      <span className="verdict-degraded">
        <Icon name="high" /> The test message was not taken: {error?.message}
      </span>{' '}
      {error?.hint} <code className="notice-code">{error?.code}</code>
    </p>
  );
}

function EnabledSwitch({ channel: { name, kind, enabled, settings } }: { channel: NotificationChannel }) {
  const id = useId();
  const { mutateAsync } = useSaveChannel();
  return (
    <InstantSwitch
      id={id}
      aria-label={`${name} is switched on`}
      on={enabled}
      change={(on) => mutateAsync({ name, change: { ...settings, kind, enabled: on } })}
    />
  );
}

function RemoveButton({ name }: { name: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const remove = useRemoveChannel();
  const go = () => {
    dialog.current?.close();
    // As a promise: this card is gone by then, and callbacks of what is gone are not called.
    remove.mutateAsync(name).then(() => tell(`“${name}” is removed.`), tellFailure);
  };
  return (
    <>
      <Button
        variant="outline-secondary"
        size="sm"
        aria-label={`Remove ${name}`}
        onClick={() => dialog.current?.showModal()}
      >
        Remove
      </Button>
      <dialog ref={dialog} className="dialog" aria-label={`Remove ${name}?`}>
        <h2>Remove {name}?</h2>
        <p>Its settings and secrets are deleted. What still waits for it is not sent any more.</p>
        <div className="dialog-actions">
          <Button variant="outline-secondary" onClick={() => dialog.current?.close()}>
            Cancel
          </Button>
          <Button variant="danger" onClick={go}>
            Remove it
          </Button>
        </div>
      </dialog>
    </>
  );
}
