/** The name of a device, in place: Enter keeps it, Escape leaves it as it was. */
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { Device } from '../../../src/api/contract.ts';
import { Icon } from '../part/icon.tsx';
import { tell, tellFailure } from '../part/toast.tsx';
import { useChangeDevice } from './queries.ts';

/** As the server takes it. */
const LONGEST = 64;

export function RenameButton({ device }: { device: Device }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  // Back to where the form came from.
  useEffect(() => {
    if (wasOpen.current && !open) button.current?.focus();
    wasOpen.current = open;
  }, [open]);
  const change = useChangeDevice(device.mac);
  const before = device.owner_name;
  const rename = (name: string | null) => {
    setOpen(false);
    if (name === before) return;
    change.mutate(
      { name },
      {
        onSuccess: (renamed) => tell(`Its name is ${renamed.name}.`, () => change.mutateAsync({ name: before })),
        onError: tellFailure,
      },
    );
  };
  if (open) return <RenameForm device={device} onName={rename} onCancel={() => setOpen(false)} />;
  return (
    <Button ref={button} variant="outline-secondary" onClick={() => setOpen(true)}>
      <Icon name="pencil" /> Rename
    </Button>
  );
}

interface RenameFormProps {
  device: Device;
  /** Null for the device's own name. */
  onName: (name: string | null) => void;
  onCancel: () => void;
}

function RenameForm({ device, onName, onCancel }: RenameFormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    onName(name === '' ? null : name);
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onCancel();
  };
  return (
    <Form className="rename" onSubmit={submit} onKeyDown={leave}>
      <Form.Control
        name="name"
        aria-label="Name of the device"
        defaultValue={device.owner_name ?? device.name}
        placeholder={device.announced_name ?? 'Its own name'}
        maxLength={LONGEST}
        autoComplete="off"
        autoFocus
        onFocus={({ target }) => target.select()}
      />
      <Button type="submit">Keep</Button>
      <Button variant="outline-secondary" onClick={onCancel}>
        Cancel
      </Button>
    </Form>
  );
}
