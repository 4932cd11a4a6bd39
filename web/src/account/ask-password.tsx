/** Something that asks for the own password first: a page that was left open is not enough for it. */
import { type FormEvent, useState } from 'react';
import Button from 'react-bootstrap/Button';
import { Failure } from '../part/state.tsx';
import { TextField } from './text-field.tsx';

interface AskPasswordProps {
  action: string;
  pending: boolean;
  error: Error | null;
  onPassword: (password: string) => void;
  onCancel: () => void;
}

export function AskPassword({ action, pending, error, onPassword, onCancel }: AskPasswordProps) {
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onPassword(password);
  };
  return (
    <form className="settings-form" onSubmit={submit}>
      {error && <Failure error={error} />}
      <TextField
        label="Your password"
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
      <div className="form-actions">
        <Button type="submit" disabled={pending}>
          {action}
        </Button>
        <Button variant="outline-secondary" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
