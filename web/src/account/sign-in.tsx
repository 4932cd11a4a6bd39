/** Signing in: the password, then the code where the account has an authenticator. */
import { type FormEvent, useState } from 'react';
import Button from 'react-bootstrap/Button';
import { ApiError } from '../api.ts';
import { Page } from '../part/page.tsx';
import { Failure, Note } from '../part/state.tsx';
import { useSearch } from '../router.tsx';
import { useSession, useSignIn, useSignInCode } from './queries.ts';
import { TextField } from './text-field.tsx';
import { providerFailures } from './words.ts';

export function SignIn() {
  const [codeWanted, setCodeWanted] = useState(false);
  const { passwords = true, provider = null } = useSession().data?.sign_in ?? {};
  if (!passwords && provider !== null) {
    return (
      <Page title="Sign in" heading="Sign in">
        <WithProvider name={provider} />
      </Page>
    );
  }
  return codeWanted ? (
    <CodeForm onAgain={() => setCodeWanted(false)} />
  ) : (
    <PasswordForm onCodeWanted={() => setCodeWanted(true)} />
  );
}

/** An ordinary link: it leads to another site. */
function WithProvider({ name }: { name: string }) {
  const failed = useSearch().get('oidc');
  return (
    <>
      {failed !== null && <Note>{providerFailures[failed] ?? providerFailures.oidc_failed}</Note>}
      <a className="btn btn-outline-secondary gate-provider" href="/api/v1/session/oidc">
        Sign in with {name}
      </a>
    </>
  );
}

function PasswordForm({ onCodeWanted }: { onCodeWanted: () => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useSignIn();
  const provider = useSession().data?.sign_in.provider ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email, password }, { onSuccess: ({ two_factor }) => two_factor && onCodeWanted() });
  };
  return (
    <Page title="Sign in" heading="Sign in">
      {provider !== null && <WithProvider name={provider} />}
      <form className="panel gate-form" onSubmit={submit}>
        {signIn.error && <Failure error={signIn.error} />}
        <TextField label="E-mail" type="email" autoComplete="username" value={email} onChange={setEmail} />
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
        />
        <Button type="submit" disabled={signIn.isPending}>
          {signIn.isPending ? 'Signing in …' : 'Sign in'}
        </Button>
        <details className="more-settings">
          <summary>Forgotten the password?</summary>
          <p>An administrator can set another on the page of accounts. Or, on the machine where Guardian runs:</p>
          <pre className="command">
            <code>guardian user reset-password {email || 'YOUR-ADDRESS'}</code>
          </pre>
        </details>
      </form>
    </Page>
  );
}

function CodeForm({ onAgain }: { onAgain: () => void }) {
  const [recovery, setRecovery] = useState(false);
  const [code, setCode] = useState('');
  const signIn = useSignInCode();
  const over = signIn.error instanceof ApiError && signIn.error.code === 'no_code_wanted';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ code, recovery }, { onError: () => setCode('') });
  };
  const toggle = () => {
    signIn.reset();
    setCode('');
    setRecovery(!recovery);
  };
  return (
    <Page title="Sign in" heading="One more step">
      <form className="panel gate-form" onSubmit={submit}>
        {signIn.error && <Failure error={signIn.error} onRetry={over ? onAgain : undefined} retry="Sign in again" />}
        <TextField
          key={String(recovery)}
          label={recovery ? 'Recovery code' : 'Code'}
          description={
            recovery
              ? 'One of the codes that you wrote down. Each works once.'
              : 'The six digits that your authenticator shows now.'
          }
          autoComplete={recovery ? 'off' : 'one-time-code'}
          inputMode={recovery ? 'text' : 'numeric'}
          value={code}
          onChange={setCode}
        />
        <Button type="submit" disabled={signIn.isPending}>
          {signIn.isPending ? 'Checking …' : 'Continue'}
        </Button>
        <Button variant="link" className="gate-other" onClick={toggle}>
          {recovery ? 'Use the authenticator' : 'The authenticator is lost: use a recovery code'}
        </Button>
      </form>
    </Page>
  );
}
