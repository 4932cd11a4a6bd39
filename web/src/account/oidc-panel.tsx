/** Signing in with a provider: what it has to know of us, what it says of itself, and what came back last. */
import Button from 'react-bootstrap/Button';
import type { OidcSettings, OidcTest } from '../../../src/api/contract.ts';
import { Panel } from '../part/page.tsx';
import { Failure, Skeleton } from '../part/state.tsx';
import { When } from '../part/when.tsx';
import { useOidc, useTestOidc } from './queries.ts';
import { roleNames } from './words.ts';

const listed = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : 'none');

export function OidcPanel() {
  const { data, error, isPending, refetch } = useOidc();
  return (
    <Panel title="Signing in with a provider">
      {isPending && <Skeleton lines={3} label="Loading the provider" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data &&
        (data.provider ? <Provider settings={data} provider={data.provider} /> : <None uri={data.redirect_uri} />)}
    </Panel>
  );
}

function None({ uri }: { uri: string }) {
  return (
    <p className="mb-0">
      With Authelia, Authentik, Keycloak, Pocket ID or another provider of OpenID Connect: allow the redirect address{' '}
      <code className="fingerprint">{uri}</code> there, set <code>oidc.issuer</code> and <code>oidc.clientId</code> in
      guardian.yaml, and start Guardian again.
    </p>
  );
}

function Provider({ settings, provider }: { settings: OidcSettings; provider: NonNullable<OidcSettings['provider']> }) {
  const test = useTestOidc();
  const { last } = settings;
  return (
    <>
      <dl className="pairs">
        <dt>Provider</dt>
        <dd>{provider.issuer}</dd>
        <dt>Client</dt>
        <dd>{provider.client_id}</dd>
        <dt>Redirect address, to be allowed there exactly so</dt>
        <dd>
          <code className="fingerprint">{settings.redirect_uri}</code>
        </dd>
        <dt>Groups in the claim {provider.claim}</dt>
        <dd>
          administrators: {listed(provider.admins)} · operators: {listed(provider.operators)} · viewers:{' '}
          {listed(provider.viewers)}
        </dd>
        <dt>Passwords</dt>
        <dd>{settings.passwords ? 'Are taken too' : 'Are not taken'}</dd>
        {last && (
          <>
            <dt>Last attempt</dt>
            <dd>
              <When time={last.at} />: {last.email ?? 'somebody'}, groups {listed(last.groups)}
              {last.role && `, ${roleNames[last.role].name.toLowerCase()}`}. {last.error ?? 'Signed in.'}
            </dd>
          </>
        )}
      </dl>
      {test.error && <Failure error={test.error} />}
      {test.data && <TestResult result={test.data} />}
      <Button variant="outline-secondary" disabled={test.isPending} onClick={() => test.mutate()}>
        {test.isPending ? 'Asking …' : 'Test the provider'}
      </Button>
    </>
  );
}

function TestResult({ result }: { result: OidcTest }) {
  const ahead = result.clock_ahead_seconds;
  return (
    <p role="status">
      {result.issuer} answers. People are sent to {result.authorization_endpoint}.{' '}
      {ahead !== null && Math.abs(ahead) > 30
        ? `Its clock is ${Math.abs(ahead)} seconds ${ahead > 0 ? 'ahead' : 'behind'}: set the clocks, or it lets nobody in.`
        : 'Its clock agrees with the one here.'}
    </p>
  );
}
