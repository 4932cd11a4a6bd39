/** "This is expected", with what that covers, for how long, and what it would have hidden, before it is said. */
import { type FormEvent, useRef, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { ExpectScope, LiveAlert } from '../../../src/api/contract.ts';
import { Icon } from '../part/icon.tsx';
import { HiddenPreview } from './hidden-preview.tsx';
import { HideTime } from './hide-time.tsx';
import { FOR_GOOD, untilOf } from './hide-times.ts';
import { useExpectPreview } from './queries.ts';
import { deviceInWords, kindInWords } from './words.ts';

interface ExpectButtonProps {
  alert: LiveAlert;
  disabled: boolean;
  onExpect: (scope: ExpectScope) => void;
}

export function ExpectButton({ alert, disabled, onExpect }: ExpectButtonProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const open = () => {
    setOpen(true);
    dialog.current?.showModal();
  };
  const expect = (scope: ExpectScope) => {
    dialog.current?.close();
    onExpect(scope);
  };
  return (
    <>
      <Button data-key="e" variant="outline-secondary" disabled={disabled} onClick={open}>
        <Icon name="check" /> This is expected
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby="expect-title" onClose={() => setOpen(false)}>
        {isOpen && <Choice alert={alert} onExpect={expect} onCancel={() => dialog.current?.close()} />}
      </dialog>
    </>
  );
}

interface ChoiceProps {
  alert: LiveAlert;
  onExpect: (scope: ExpectScope) => void;
  onCancel: () => void;
}

function Choice({ alert, onExpect, onCancel }: ChoiceProps) {
  const { id, kind, severity } = alert;
  const other = alert.hosts.at(1);
  const [anywhere, setAnywhere] = useState(false);
  const [time, setTime] = useState(FOR_GOOD);
  const scope: ExpectScope = { ...(anywhere && { anywhere }), ...untilOf(time) };
  const preview = useExpectPreview(id, scope);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onExpect(scope);
  };
  return (
    <Form onSubmit={submit}>
      <h2 id="expect-title">Do not tell you of this again?</h2>
      <p>
        “{kindInWords(kind)}” by <strong>{deviceInWords(alert)}</strong>
        {alert.mac && ', whatever address it has'}.
      </p>
      {other && (
        <fieldset className="mb-3">
          <legend className="form-label">Where</legend>
          {[`only towards ${other}`, 'wherever it goes'].map((label, i) => (
            <Form.Check
              key={label}
              type="radio"
              name="expect-where"
              id={`expect-where-${i}`}
              label={label}
              checked={anywhere === (i === 1)}
              onChange={() => setAnywhere(i === 1)}
            />
          ))}
        </fieldset>
      )}
      <HideTime id="expect-time" value={time} onChange={setTime} />
      <HiddenPreview data={preview.data} error={preview.error} />
      <p className="text-body-secondary">
        You are told all the same when it becomes worse than {severity}
        {preview.data && `, or goes more than ${preview.data.times} times as far as now`}. What is hidden is counted
        under Hidden alerts, where you can take this back.
      </p>
      <div className="dialog-actions">
        <Button variant="outline-secondary" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" disabled={preview.isPending}>
          Expect it
        </Button>
      </div>
    </Form>
  );
}
