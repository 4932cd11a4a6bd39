/** Tokens for scripts: made here, shown once, revoked at once. */
import { type FormEvent, useId, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { AccountRole, ApiToken, TokenScope } from '../../../src/api/contract.ts';
import { useMakeToken, useMay, useRevokeToken, useSession, useTokens } from '../account/queries.ts';
import { TextField } from '../account/text-field.tsx';
import { scopeNames } from '../account/words.ts';
import { Labelled } from '../notify/field.tsx';
import { Page, Panel } from '../part/page.tsx';
import { useReturnFocus } from '../part/return-focus.ts';
import { Empty, Failure, Note, Skeleton } from '../part/state.tsx';
import { tell, whenDone } from '../part/toast.tsx';
import { When } from '../part/when.tsx';

const needed: Record<TokenScope, AccountRole> = {
  read: 'viewer',
  upload: 'operator',
  operate: 'operator',
  admin: 'admin',
};
const lives: readonly [string, number | null][] = [
  ['30 days', 30],
  ['90 days', 90],
  ['A year', 365],
  ['For good', null],
];

export function TokensPage() {
  const { data: tokens, error, isPending, refetch } = useTokens();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const make = useReturnFocus(making);
  return (
    <Page
      title="Tokens"
      heading="Tokens for scripts"
      lead="A script sends one instead of a login, and can do no more than the token is for."
      actions={
        !making && (
          <Button
            ref={make}
            onClick={() => {
              setMade(null);
              setMaking(true);
            }}
          >
            Make a token
          </Button>
        )
      }
    >
      {making && (
        <MakeToken
          onDone={(token) => {
            setMade(token);
            setMaking(false);
          }}
        />
      )}
      {made !== null && <Made token={made} />}
      <section className="panel" aria-label="Tokens">
        {isPending && <Skeleton lines={4} label="Loading the tokens" />}
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        {tokens?.length === 0 && (
          <Empty icon="link" title="No tokens yet">
            Home Assistant, a cron job or your own scripts can read alerts and upload files with one.
          </Empty>
        )}
        <ul className="rows">
          {tokens?.map((token) => (
            <TokenItem key={token.id} token={token} />
          ))}
        </ul>
      </section>
    </Page>
  );
}

function MakeToken({ onDone }: { onDone: (token: string | null) => void }) {
  const id = useId();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<TokenScope[]>(['read']);
  const [days, setDays] = useState<number | null>(90);
  const make = useMakeToken();
  const may = { viewer: useMay('viewer'), operator: useMay('operator'), admin: useMay('admin') };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ name, scopes, days }, { onSuccess: ({ token }) => onDone(token) });
  };
  return (
    <Panel title="Make a token">
      <form className="settings-form" onSubmit={submit}>
        {make.error && <Failure error={make.error} />}
        <TextField label="What is it for?" autoComplete="off" value={name} onChange={setName} />
        <fieldset className="checks-list">
          <legend>What may it do?</legend>
          {(Object.keys(scopeNames) as TokenScope[])
            .filter((scope) => may[needed[scope]])
            .map((scope) => (
              <Form.Check
                key={scope}
                type="checkbox"
                id={`${id}-${scope}`}
                label={scopeNames[scope]}
                checked={scopes.includes(scope)}
                onChange={({ target }) =>
                  setScopes(target.checked ? [...scopes, scope] : scopes.filter((one) => one !== scope))
                }
              />
            ))}
        </fieldset>
        <Labelled id={`${id}-days`} label="Until when?">
          <Form.Select
            value={String(days)}
            onChange={({ target }) => setDays(target.value === 'null' ? null : Number(target.value))}
          >
            {lives.map(([label, value]) => (
              <option key={label} value={String(value)}>
                {label}
              </option>
            ))}
          </Form.Select>
        </Labelled>
        <div className="form-actions">
          <Button type="submit" disabled={make.isPending || scopes.length === 0}>
            Make the token
          </Button>
          <Button variant="outline-secondary" onClick={() => onDone(null)}>
            Cancel
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Made({ token }: { token: string }) {
  return (
    <Panel title="The new token">
      <Note>Copy it now: it is kept nowhere in clear and not shown again.</Note>
      <pre className="command">
        <code>{token}</code>
      </pre>
      <p>For example:</p>
      <pre className="command mb-0">
        <code>
          curl -H "Authorization: Bearer {token}" -F file=@traffic.csv {window.location.origin}/upload
        </code>
      </pre>
    </Panel>
  );
}

function TokenItem({ token: { id, name, scopes, created, expires, used, used_from, owner } }: { token: ApiToken }) {
  const revoke = useRevokeToken();
  const me = useSession().data?.user?.email;
  return (
    <li className="row-item">
      <div className="row-text">
        <p className="fw-semibold mb-0">
          {name} {owner !== me && <span className="tag">{owner}</span>}
        </p>
        <p className="text-body-secondary mb-0">
          {scopes.join(', ')} · made <When time={created} /> ·{' '}
          {expires === null ? (
            'for good'
          ) : (
            <>
              ends <When time={expires} />
            </>
          )}
          {' · '}
          {used === null ? (
            'not used yet'
          ) : (
            <>
              used <When time={used} /> from {used_from}
            </>
          )}
        </p>
      </div>
      <Button
        variant="outline-secondary"
        size="sm"
        disabled={revoke.isPending}
        aria-label={`Revoke ${name}`}
        onClick={() => void whenDone(revoke.mutateAsync(id), () => tell(`“${name}” lets nobody in any more.`))}
      >
        Revoke
      </Button>
    </li>
  );
}
