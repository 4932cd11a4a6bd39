/**
 * Signing in with a provider of the owner (OpenID Connect, authorization code with PKCE): Authelia, Authentik, Keycloak,
 * Pocket ID. The library is loaded when somebody does so, and the provider is asked who it is at the first use.
 */
import type { Configuration } from 'openid-client';
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { type OidcRoles, type Person, readPerson } from './claims.ts';
import { createFetch } from './fetch.ts';

export interface OidcOptions extends OidcRoles {
  issuer: string;
  clientId: string;
  /** Empty for a public client. */
  clientSecret: string;
  /** On the button of the page. */
  name: string;
  scopes: string;
  /** PEM of the authority that the provider's certificate is from. */
  ca: string | undefined;
  /** True where passwords are taken too. */
  passwords: boolean;
}

/** How long somebody may take at the provider. */
const FLOW_MS = 600_000;
const MAX_FLOWS = 1000;
/** The provider's description of itself is asked for again after this. */
const DISCOVERY_MS = 3_600_000;

interface Flow {
  verifier: string;
  nonce: string;
  redirectUri: string;
  /** Somebody who has signed in and links the account of the provider to theirs. */
  link: string | undefined;
  at: number;
}

export interface Discovered {
  issuer: string;
  authorization: string;
  token: string;
  /** Seconds by which its clock is ahead of ours; null where it names no time. */
  ahead: number | null;
}

export class OidcProvider {
  readonly options: OidcOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #flows = new Map<string, Flow>();
  #found: { at: number; configuration: Promise<Configuration> } | undefined;
  #ahead: number | null = null;

  constructor(options: OidcOptions, clock: Clock, log: Log) {
    this.options = options;
    this.#clock = clock;
    this.#log = log;
  }

  /** Where the browser goes, and what it is to bring back in a cookie. Rejects with AppError `oidc_unreachable`. */
  async begin(redirectUri: string, link?: string): Promise<{ url: string; state: string }> {
    const client = await import('openid-client');
    const configuration = await this.#configuration();
    const verifier = client.randomPKCECodeVerifier();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const at = this.#clock.monotonic();
    for (const [key, flow] of this.#flows) if (at - flow.at > FLOW_MS) this.#flows.delete(key);
    if (this.#flows.size >= MAX_FLOWS) this.#flows.delete(this.#flows.keys().next().value!);
    this.#flows.set(state, { verifier, nonce, redirectUri, link, at });
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.options.scopes,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return { url: url.href, state };
  }

  /** Gives the person who came back. Rejects with AppError `oidc_state`, `oidc_refused` or `oidc_failed`. */
  async finish(query: string, cookie: string | undefined): Promise<{ person: Person; link: string | undefined }> {
    const client = await import('openid-client');
    const state = new URLSearchParams(query).get('state') ?? '';
    const flow = this.#flows.get(state);
    // Each is good once, for the browser that began it.
    this.#flows.delete(state);
    if (!flow || cookie !== state || this.#clock.monotonic() - flow.at > FLOW_MS) throw new AppError('oidc_state', {});
    try {
      const configuration = await this.#configuration();
      const tokens = await client.authorizationCodeGrant(configuration, new URL(`${flow.redirectUri}?${query}`), {
        pkceCodeVerifier: flow.verifier,
        expectedState: state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims()!;
      // Many providers put e-mail and groups there alone.
      const more = configuration.serverMetadata().userinfo_endpoint
        ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
        : {};
      return { person: readPerson({ ...more, ...claims }, this.options.claim), link: flow.link };
    } catch (error) {
      throw this.#translate(error);
    }
  }

  /** Asks the provider again. Rejects with AppError `oidc_unreachable`. */
  async discover(): Promise<Discovered> {
    this.#found = undefined;
    const { issuer, authorization_endpoint, token_endpoint } = (await this.#configuration()).serverMetadata();
    return { issuer, authorization: authorization_endpoint ?? '', token: token_endpoint ?? '', ahead: this.#ahead };
  }

  #configuration(): Promise<Configuration> {
    const now = this.#clock.monotonic();
    if (this.#found && now - this.#found.at < DISCOVERY_MS) return this.#found.configuration;
    const configuration = this.#discover();
    this.#found = { at: now, configuration };
    configuration.catch(() => {
      this.#found = undefined;
    });
    return configuration;
  }

  async #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret, ca } = this.options;
    const client = await import('openid-client');
    const fetchFrom = createFetch(ca);
    const url = new URL(issuer);
    const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
    try {
      const configuration = await client.discovery(
        url,
        clientId,
        clientSecret === '' ? undefined : clientSecret,
        clientSecret === '' ? client.None() : client.ClientSecretBasic(clientSecret),
        {
          // Codes and tokens never cross a network in the clear.
          execute: url.protocol === 'http:' && isHere ? [client.allowInsecureRequests] : [],
          [client.customFetch]: async (address: string, init: object) => {
            const answer = await fetchFrom(address, init as Parameters<typeof fetchFrom>[1]);
            const date = Date.parse(answer.headers.get('date') ?? '');
            this.#ahead = Number.isNaN(date) ? null : Math.round((date - this.#clock.now()) / 1000);
            return answer;
          },
        },
      );
      return configuration;
    } catch (error) {
      const reason = reasonOf(error);
      this.#log.warn({ err: error, issuer }, 'The provider for signing in cannot be used');
      throw new AppError('oidc_unreachable', { issuer, reason }, { cause: error });
    }
  }

  #translate(error: unknown): AppError {
    if (error instanceof AppError) return error;
    const { error: code } = error as { error?: string };
    this.#log.warn({ err: error }, 'Signing in with the provider failed');
    if (code === 'access_denied') return new AppError('oidc_refused', {}, { cause: error });
    return new AppError('oidc_failed', { reason: reasonOf(error) }, { cause: error });
  }
}

/** The innermost says most: "unable to verify the first certificate" rather than "fetch failed". */
function reasonOf(error: unknown): string {
  let found = error as Error & { error_description?: string };
  while (found.cause instanceof Error) found = found.cause as Error;
  return found.error_description ?? found.message;
}
