/** A real OpenID provider (oidc-provider, certified) on loopback: whoever signs in there names themselves. */
import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface TestProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** By the name with which they sign in. */
  people: Record<string, { email?: string; name?: string; groups?: string[] }>;
  /** What it takes as address to come back to. */
  allow(redirectUri: string): void;
  stop(): Promise<void>;
}

export async function startProvider(tls?: { cert: string; key: string }): Promise<TestProvider> {
  const people: TestProvider['people'] = {};
  const redirectUris: string[] = [];
  let provider: Provider | undefined;
  const answer = (...args: Parameters<ReturnType<Provider['callback']>>) => void provider!.callback()(...args);
  const server = tls ? createHttpsServer(tls, answer) : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = `${tls ? 'https' : 'http'}://localhost:${port}`;
  const [clientId, clientSecret] = ['guardian', 'a secret of the provider'];
  const make = () =>
    new Provider(issuer, {
      clients: [{ client_id: clientId, client_secret: encodeURIComponent(clientSecret), redirect_uris: redirectUris }],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => ({ sub: id, email_verified: true, ...people[id] }),
      }),
      pkce: { required: () => true },
      cookies: { keys: ['for this test'] },
    });
  return {
    issuer,
    clientId,
    clientSecret: encodeURIComponent(clientSecret),
    people,
    allow(redirectUri) {
      redirectUris.push(redirectUri);
      provider = make();
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
