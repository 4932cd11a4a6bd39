/** How other devices reach this Guardian: its certificate, the names that it answers to, and its name on the network. */
import { isIPv6 } from 'node:net';
import { isLoopback } from '../api/server.ts';
import type { Settings } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { announceName } from '../reach/announce.ts';
import { type CertificateKeeper, openCertificateKeeper } from '../reach/keeper.ts';
import { ownAddresses, ownNames } from '../reach/own-hosts.ts';

export interface Reach {
  /** Null where plain HTTP is spoken. */
  keeper: CertificateKeeper | null;
  /** Only this machine reaches it. */
  isLocal: boolean;
  /** Names under which it may be opened, besides those that the connection itself shows. */
  hosts: string[];
  /** Addresses to type into a browser, the best first; `port` is the one that it listens on. */
  urls(port: number): string[];
  /** Tells the network its name, where that helps anybody. */
  announce(): Promise<void>;
  close(): void;
}

type ServerSettings = Settings['server'];

const addressesOf = (host: string): string[] => (host === '0.0.0.0' || host === '::' ? ownAddresses() : [host]);

const hasTls = ({ https }: ServerSettings, isLocal: boolean): boolean =>
  https === 'on' || (https === 'auto' && !isLocal);

/** Addresses to type into a browser, the best first. */
export function urlsOf(server: ServerSettings, port: number, isLocal: boolean): string[] {
  const { allowedHosts, baseUrl, host, name } = server;
  const isSecure = hasTls(server, isLocal);
  const scheme = isSecure ? 'https' : 'http';
  const announced = name === '' ? [] : [`${name}.local`];
  const names = isLocal ? ['localhost'] : [...allowedHosts, ...addressesOf(host), ...announced];
  const end = port === (isSecure ? 443 : 80) ? '' : `:${port}`;
  const direct = names
    // A link-local address needs the zone of whoever types it.
    .filter((one) => one !== '' && !/^fe80:/i.test(one))
    .map((one) => `${scheme}://${isIPv6(one) ? `[${one}]` : one}${end}`);
  return baseUrl === '' ? direct : [baseUrl, ...direct];
}

export async function openReach({ server, data }: Settings, auth: boolean, log: Log): Promise<Reach> {
  const { host, allowedHosts, baseUrl, certificate, key } = server;
  const isLocal = await isLoopback(host);
  const announced = isLocal ? '' : server.name;
  const given = [...allowedHosts, ...(baseUrl === '' ? [] : [new URL(baseUrl).hostname])].filter((one) => one !== '');
  // Without accounts nobody but this machine is answered, whatever it is called.
  const hosts = auth ? [...given, ...ownNames(announced)] : given;
  const addresses = (): string[] => (isLocal ? [] : addressesOf(host));
  const isSecure = hasTls(server, isLocal);
  const keeper = isSecure
    ? await openCertificateKeeper({ directory: data, certificate, key, log, hosts: () => [...hosts, ...addresses()] })
    : null;
  if (!isSecure && !isLocal && server.trustedProxies.length === 0) {
    log.warn(
      'Passwords cross the network in the clear: server.https is off, and no reverse proxy is named in server.trustedProxies',
    );
  }
  const closing: (() => void)[] = [];
  return {
    keeper,
    isLocal,
    hosts,
    urls: (port) => urlsOf(server, port, isLocal),
    async announce() {
      if (announced === '') return;
      const announcement = await announceName(announced, log);
      closing.push(() => announcement.close());
    },
    close() {
      keeper?.close();
      for (const close of closing) close();
    },
  };
}
