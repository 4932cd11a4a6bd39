/** The own account: password, authenticator, sessions, and the way to accounts, tokens and the log of changes. */
import { type FormEvent, useState } from 'react';
import Button from 'react-bootstrap/Button';
import type { BrowserSession, OwnAccount } from '../../../src/api/contract.ts';
import { PASSWORD_RULE } from '../account/password-rule.ts';
import {
  useAccount,
  useChangePassword,
  useEndOtherSessions,
  useEndSession,
  useLinkOidc,
  useMay,
  useSession,
  useSignOut,
} from '../account/queries.ts';
import { TextField } from '../account/text-field.tsx';
import { TwoFactorPanel } from '../account/two-factor.tsx';
import { agentInWords, roleNames } from '../account/words.ts';
import { Page, Panel } from '../part/page.tsx';
import { Failure, Note, Skeleton } from '../part/state.tsx';
import { tell, whenDone } from '../part/toast.tsx';
import { When } from '../part/when.tsx';
import { Link } from '../router.tsx';

export function AccountPage() {
  const open = useSession().data?.mode === 'open';
  return open ? <NoAccounts /> : <SignedIn />;
}

function NoAccounts() {
  return (
    <Page title="Account" heading="Account">
      <Note>
        Guardian was started with --no-auth: it asks nobody for a login, and answers on this machine only. Started with{' '}
        <code>guardian serve</code> it asks for one.
      </Note>
      <p>
        <Link className="btn btn-primary" href="/trust">
          Open it on other devices
        </Link>
      </p>
    </Page>
  );
}

function SignedIn() {
  const { data: account, error, isPending, refetch } = useAccount();
  const signOut = useSignOut();
  const link = useLinkOidc();
  const provider = useSession().data?.sign_in.provider ?? null;
  const isAdmin = useMay('admin');
  return (
    <Page
      title="Account"
      heading={account ? account.name : 'Account'}
      lead={account && `${account.email} · ${roleNames[account.role].name}`}
      actions={
        <Button variant="outline-secondary" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out
        </Button>
      }
    >
      {isPending && <Skeleton lines={6} label="Loading the account" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {link.error && <Failure error={link.error} />}
      {account && (
        <>
          <nav className="account-links" aria-label="Account">
            {provider !== null && (
              <Button variant="link" className="p-0" disabled={link.isPending} onClick={() => link.mutate()}>
                Link your account of {provider}
              </Button>
            )}
            <Link href="/tokens">Tokens for scripts</Link>
            {isAdmin && <Link href="/users">Accounts</Link>}
            {isAdmin && <Link href="/audit">Log of changes</Link>}
          </nav>
          <Sessions account={account} />
          <TwoFactorPanel on={account.two_factor} />
          <PasswordPanel />
        </>
      )}
    </Page>
  );
}

function Sessions({ account: { sessions } }: { account: OwnAccount }) {
  const endOthers = useEndOtherSessions();
  return (
    <Panel
      title="Where you are signed in"
      aside={
        sessions.length > 1 && (
          <Button
            variant="outline-secondary"
            size="sm"
            disabled={endOthers.isPending}
            onClick={() => void whenDone(endOthers.mutateAsync(), () => tell('You are signed in here alone.'))}
          >
            Sign out everywhere else
          </Button>
        )
      }
    >
      <ul className="rows">
        {sessions.map((session) => (
          <SessionItem key={session.id} session={session} />
        ))}
      </ul>
    </Panel>
  );
}

function SessionItem({ session: { id, current, agent, address, created, seen } }: { session: BrowserSession }) {
  const end = useEndSession();
  const name = agentInWords(agent);
  return (
    <li className="row-item">
      <div className="row-text">
        <p className="fw-semibold mb-0">
          {name} {current && <span className="tag">this one</span>}
        </p>
        <p className="text-body-secondary mb-0">
          {address || 'an unknown address'} · last seen <When time={seen} /> · since <When time={created} />
        </p>
      </div>
      {!current && (
        <Button
          variant="outline-secondary"
          size="sm"
          disabled={end.isPending}
          aria-label={`Sign out ${name} at ${address}`}
          onClick={() => void whenDone(end.mutateAsync(id), () => tell('That session has ended.'))}
        >
          Sign out
        </Button>
      )}
    </li>
  );
}

function PasswordPanel() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useChangePassword();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { current, new: next },
      {
        onSuccess: () => {
          setCurrent('');
          setNext('');
          tell('The password is changed. Other browsers are signed out.');
        },
      },
    );
  };
  return (
    <Panel title="Password">
      <form className="settings-form" onSubmit={submit}>
        {change.error && <Failure error={change.error} />}
        <TextField
          label="Password of now"
          type="password"
          autoComplete="current-password"
          value={current}
          onChange={setCurrent}
        />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          description={PASSWORD_RULE}
          value={next}
          onChange={setNext}
        />
        <Button type="submit" disabled={change.isPending}>
          Change the password
        </Button>
      </form>
    </Panel>
  );
}
