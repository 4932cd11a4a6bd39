/** People on a test server: an administrator from its set-up, others from the administrator, each with cookies of their own. */
import { randomBytes } from 'node:crypto';
import { hashPassword } from '../src/account/password.ts';
import type { Role } from '../src/account/role.ts';
import { send, startServer, type TestServer, type TestServerOptions } from './server.ts';

export const PASSWORD = 'four ducks on a pond';
const hashed = hashPassword(PASSWORD);

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it stands in the test
  json: () => any;
}

/** A browser: keeps cookies, and says where its requests come from. */
export class Browser {
  readonly #url: string;
  readonly cookies = new Map<string, string>();
  headers: Record<string, string> = {};

  constructor(url: string) {
    this.#url = url;
  }

  async request(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await send(this.#url + path, {
      method,
      headers: {
        ...(cookie ? { cookie } : {}),
        ...(method === 'GET' ? {} : { origin: this.#url, 'content-type': 'application/json' }),
        ...this.headers,
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    for (const text of (answer.headers['set-cookie'] as string[] | undefined) ?? []) {
      const [pair, ...attributes] = text.split(';');
      const [name, ...value] = pair.split('=');
      if (attributes.some((attribute) => attribute.trim() === 'Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, value.join('='));
    }
    return { ...answer, json: () => JSON.parse(answer.text) };
  }

  get = (path: string) => this.request('GET', path);
  post = (path: string, body: object = {}) => this.request('POST', path, body);
  signIn = (email: string, password = PASSWORD) => this.post('/api/v1/session', { email, password });
}

export interface Household {
  server: TestServer;
  admin: Browser;
  browser(): Browser;
  /** Somebody of that role who has signed in. */
  person(role: Role, email?: string): Promise<Browser>;
  token(scopes: string[], by?: Browser): Promise<{ id: string; token: string }>;
}

export const emailOf = (role: Role): string => `${role}@example.org`;

export async function startHousehold(options: TestServerOptions = {}): Promise<Household> {
  const server = await startServer({ accounts: true, ...options });
  const browser = () => new Browser(server.url);
  const admin = browser();
  const token = await server.accounts!.makeSetUpToken();
  const made = await admin.post('/api/v1/set-up', { token, name: 'Ada', email: emailOf('admin'), password: PASSWORD });
  if (made.status !== 200) throw new Error(made.text);
  return {
    server,
    admin,
    browser,
    async person(role, email = emailOf(role)) {
      // Past the page: the rules for passwords and their hash take their time, and have tests of their own.
      const now = Date.now();
      const id = randomBytes(16).toString('hex');
      await server.accounts!.store.users.add({ id, name: role, email, role, password: await hashed, now });
      const one = browser();
      const answer = await one.signIn(email);
      if (answer.status !== 200) throw new Error(answer.text);
      return one;
    },
    async token(scopes, by = admin) {
      const answer = await by.post('/api/v1/tokens', { name: 'script', scopes, days: 30 });
      if (answer.status !== 200) throw new Error(answer.text);
      return answer.json();
    },
  };
}
