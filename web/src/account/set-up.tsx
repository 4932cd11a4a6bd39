/** The first account, made by whoever holds the set-up link. */
import { type FormEvent, useState } from 'react';
import Button from 'react-bootstrap/Button';
import { Page } from '../part/page.tsx';
import { Failure } from '../part/state.tsx';
import { navigate } from '../router.tsx';
import { PASSWORD_RULE } from './password-rule.ts';
import { useSetUp } from './queries.ts';
import { TextField } from './text-field.tsx';

/** Behind the #, which a browser sends to nobody. */
const tokenOfAddress = (): string => window.location.hash.slice(1);

export function SetUp() {
  const [token] = useState(tokenOfAddress);
  if (token === '') return <NoLink />;
  return <SetUpForm token={token} />;
}

function NoLink() {
  return (
    <Page title="Set up" heading="Set Guardian up">
      <div className="panel">
        <p>
          Nobody has an account here yet. The first one is made with the set-up link that Guardian has printed when it
          started: in its terminal, and in its log.
        </p>
        <p>It is good for an hour. On the machine where Guardian runs, this prints another:</p>
        <pre className="command mb-0">
          <code>guardian user setup-link</code>
        </pre>
      </div>
    </Page>
  );
}

function SetUpForm({ token }: { token: string }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const setUp = useSetUp();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUp.mutate({ token, name, email, password }, { onSuccess: () => navigate('/') });
  };
  return (
    <Page
      title="Set up"
      heading="Set Guardian up"
      lead="Make your account. It is the administrator, and can add accounts for others later."
    >
      <form className="panel gate-form" onSubmit={submit}>
        {setUp.error && <Failure error={setUp.error} />}
        <TextField label="Name" autoComplete="name" value={name} onChange={setName} />
        <TextField
          label="E-mail"
          type="email"
          autoComplete="username"
          description="You sign in with it. Nothing is sent to it."
          value={email}
          onChange={setEmail}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete="new-password"
          description={PASSWORD_RULE}
          value={password}
          onChange={setPassword}
        />
        <Button type="submit" disabled={setUp.isPending}>
          {setUp.isPending ? 'Making the account …' : 'Make the account'}
        </Button>
      </form>
    </Page>
  );
}
