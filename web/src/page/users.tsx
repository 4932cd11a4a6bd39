/** Who may sign in, with which rights. */
import { type FormEvent, useId, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { AccountRole, User } from '../../../src/api/contract.ts';
import { OidcPanel } from '../account/oidc-panel.tsx';
import { PASSWORD_RULE } from '../account/password-rule.ts';
import {
  useAddUser,
  useChangeUser,
  useRemoveAuthenticator,
  useRemoveUser,
  useSession,
  useSetPassword,
  useUsers,
} from '../account/queries.ts';
import { TextField } from '../account/text-field.tsx';
import { roleNames } from '../account/words.ts';
import { Page, Panel } from '../part/page.tsx';
import { useReturnFocus } from '../part/return-focus.ts';
import { Failure, Skeleton } from '../part/state.tsx';
import { tell, whenDone } from '../part/toast.tsx';
import { When } from '../part/when.tsx';

const roles = Object.keys(roleNames) as AccountRole[];

export function UsersPage() {
  const { data: users, error, isPending, refetch } = useUsers();
  const [adding, setAdding] = useState(false);
  const add = useReturnFocus(adding);
  return (
    <Page
      title="Accounts"
      heading="Accounts"
      lead="Who may sign in here, and what they may do."
      actions={
        !adding && (
          <Button ref={add} onClick={() => setAdding(true)}>
            Add an account
          </Button>
        )
      }
    >
      {adding && <AddUser onDone={() => setAdding(false)} />}
      <section className="panel" aria-label="Accounts">
        {isPending && <Skeleton lines={4} label="Loading the accounts" />}
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        <ul className="rows">
          {users?.map((user) => (
            <UserItem key={user.id} user={user} />
          ))}
        </ul>
      </section>
      <OidcPanel />
    </Page>
  );
}

function RoleSelect({
  value,
  onChange,
  label,
}: {
  value: AccountRole;
  onChange: (role: AccountRole) => void;
  label: string;
}) {
  return (
    <Form.Select
      className="role-select"
      aria-label={label}
      value={value}
      onChange={({ target }) => onChange(target.value as AccountRole)}
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {roleNames[role].name}
        </option>
      ))}
    </Form.Select>
  );
}

function AddUser({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<AccountRole>('viewer');
  const add = useAddUser();
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      { name, email, password, role },
      {
        onSuccess: () => {
          tell(`${email} can sign in.`);
          onDone();
        },
      },
    );
  };
  return (
    <Panel title="Add an account">
      <form className="settings-form" onSubmit={submit}>
        {add.error && <Failure error={add.error} />}
        <TextField label="Name" autoComplete="off" value={name} onChange={setName} />
        <TextField label="E-mail" type="email" autoComplete="off" value={email} onChange={setEmail} />
        <TextField
          label="Password"
          type="password"
          autoComplete="new-password"
          description={`${PASSWORD_RULE} Tell it to them; they can change it.`}
          value={password}
          onChange={setPassword}
        />
        <fieldset className="checks-list">
          <legend>Role</legend>
          {roles.map((one) => (
            <Form.Check
              key={one}
              type="radio"
              id={`${id}-${one}`}
              name={id}
              label={`${roleNames[one].name}: ${roleNames[one].about}`}
              checked={role === one}
              onChange={() => setRole(one)}
            />
          ))}
        </fieldset>
        <div className="form-actions">
          <Button type="submit" disabled={add.isPending}>
            Add the account
          </Button>
          <Button variant="outline-secondary" onClick={onDone}>
            Cancel
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function UserItem({ user }: { user: User }) {
  const { id, name, email, role, disabled, two_factor, created } = user;
  const own = useSession().data?.user?.id === id;
  const change = useChangeUser();
  const [more, setMore] = useState(false);
  return (
    <li className="row-item">
      <div className="row-text">
        <p className="fw-semibold mb-0">
          {name} {own && <span className="tag">you</span>} {disabled && <span className="tag">switched off</span>}
        </p>
        <p className="text-body-secondary mb-0">
          {email} · since <When time={created} />
          {two_factor && ' · with authenticator'}
        </p>
      </div>
      <div className="form-actions">
        <RoleSelect
          value={role}
          label={`Role of ${name}`}
          onChange={(next) =>
            void whenDone(change.mutateAsync({ id, role: next }), () => tell(`${name} is ${roleNames[next].name} now.`))
          }
        />
        <Button
          variant="outline-secondary"
          aria-expanded={more}
          aria-label={`Change ${name}`}
          onClick={() => setMore(!more)}
        >
          Change
        </Button>
      </div>
      {more && <UserActions user={user} own={own} onDone={() => setMore(false)} />}
    </li>
  );
}

function UserActions({
  user: { id, name, disabled, two_factor },
  own,
  onDone,
}: {
  user: User;
  own: boolean;
  onDone: () => void;
}) {
  const [password, setPassword] = useState('');
  const [removing, setRemoving] = useState(false);
  const set = useSetPassword();
  const change = useChangeUser();
  const remove = useRemoveUser();
  const removeAuthenticator = useRemoveAuthenticator();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(
      { id, password },
      {
        onSuccess: () => {
          tell(`${name} has a new password, and is signed out everywhere.`);
          onDone();
        },
      },
    );
  };
  return (
    <div className="settings-form">
      <form className="settings-form" onSubmit={submit}>
        {set.error && <Failure error={set.error} />}
        <TextField
          label={`New password for ${name}`}
          type="password"
          autoComplete="new-password"
          description={PASSWORD_RULE}
          value={password}
          onChange={setPassword}
        />
        <Button type="submit" variant="outline-secondary" disabled={set.isPending}>
          Set the password
        </Button>
      </form>
      <div className="form-actions">
        {two_factor && (
          <Button
            variant="outline-secondary"
            onClick={() =>
              void whenDone(removeAuthenticator.mutateAsync(id), () => tell(`${name} signs in without authenticator.`))
            }
          >
            Take the authenticator off
          </Button>
        )}
        <Button
          variant="outline-secondary"
          onClick={() =>
            void whenDone(change.mutateAsync({ id, disabled: !disabled }), () =>
              tell(disabled ? `${name} can sign in again.` : `${name} is switched off.`),
            )
          }
        >
          {disabled ? 'Switch on' : 'Switch off'}
        </Button>
        {!own && !removing && (
          <Button variant="outline-danger" onClick={() => setRemoving(true)}>
            Remove
          </Button>
        )}
        {removing && (
          <Button
            variant="danger"
            autoFocus
            onClick={() => void whenDone(remove.mutateAsync(id), () => tell(`${name} is removed.`))}
          >
            Really remove {name}
          </Button>
        )}
      </div>
    </div>
  );
}
