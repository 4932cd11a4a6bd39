/** Which keys do what, and the switch for those that are a single letter. */
import { useEffect, useRef } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import { setLetterKeys, useLetterKeys } from './letter-keys.ts';

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);
const keys: readonly [key: string, what: string][] = [
  [isMac ? '⌘ K' : 'Ctrl K', 'Go to a device, an alert, a page or a setting'],
  ['?', 'This list'],
  ['j, k', 'Next and previous alert of a list; Enter opens it'],
  ['i', 'On the page of an alert: I’m on it'],
  ['e', 'On the page of an alert: This is expected'],
  ['m', 'On the page of an alert: Do not tell me of such alerts'],
];

export default function Help({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const on = useLetterKeys();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="keys-title" onClose={onClose}>
      <h2 id="keys-title">Keys</h2>
      <dl className="facts">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <Form.Check
        type="switch"
        id="letter-keys"
        className="mb-3"
        label="Single letters are keys"
        checked={on}
        onChange={({ target }) => setLetterKeys(target.checked)}
      />
      <div className="dialog-actions">
        <Button variant="outline-secondary" onClick={() => dialog.current?.close()}>
          Close
        </Button>
      </div>
    </dialog>
  );
}
