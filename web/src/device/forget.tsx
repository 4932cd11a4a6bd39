/** Forgetting a device deletes what is known of it, for good: whoever wants that writes its name. */
import { type FormEvent, useRef, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { Device } from '../../../src/api/contract.ts';
import { Failure } from '../part/state.tsx';
import { tell } from '../part/toast.tsx';
import { navigate } from '../router.tsx';
import { useForget } from './queries.ts';

export function ForgetButton({ device }: { device: Device }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [written, setWritten] = useState('');
  const forget = useForget(device.mac);
  const leave = () => {
    navigate('/devices');
    tell(`${device.name} is forgotten. It appears anew when it speaks.`);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The page may know before the answer is there, and be gone; what went wrong stands in the dialog.
    forget.mutateAsync().then(leave, () => undefined);
  };
  return (
    <>
      <Button variant="outline-secondary" onClick={() => dialog.current?.showModal()}>
        Forget this device
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby="forget-title" onClose={() => setWritten('')}>
        <Form onSubmit={submit}>
          <h2 id="forget-title">Forget {device.name}?</h2>
          <p>
            Its past, its alerts, what was told of them and its traffic are deleted, and cannot be brought back. When it
            speaks again it is a new device.
          </p>
          <Form.Group controlId="forget-name" className="mb-3">
            <Form.Label>
              Write <strong>{device.name}</strong> to go on
            </Form.Label>
            <Form.Control value={written} autoComplete="off" onChange={({ target }) => setWritten(target.value)} />
          </Form.Group>
          {forget.error && <Failure error={forget.error} />}
          <div className="dialog-actions">
            <Button variant="outline-secondary" onClick={() => dialog.current?.close()}>
              Cancel
            </Button>
            <Button type="submit" variant="danger" disabled={written.trim() !== device.name.trim() || forget.isPending}>
              Forget it
            </Button>
          </div>
        </Form>
      </dialog>
    </>
  );
}
