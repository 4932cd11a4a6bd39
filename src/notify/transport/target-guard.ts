/**
 * Where notifications over HTTP may go. A URL of a channel is text that somebody typed, perhaps somebody else than the
 * owner, and Guardian stands inside the network: without this it would be a way into it (server-side request forgery).
 */
import { lookup as systemLookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import { z } from 'zod';
import { isNeverNetwork, reachOf, unmapped } from './address-range.ts';
import { type DeliveryCode, DeliveryError } from './delivery-error.ts';

/** Of what is kept: an earlier version took in what never was a target. */
export const keptLanTargetSchema = z
  .string()
  .max(300)
  .refine((text) => parseLanTarget(text) !== null, {
    error: 'is not an address, a network or a name, with or without a port',
  })
  .meta({ description: 'Machine of your own network that notifications may be sent to.' });

/** `192.168.1.5`, `192.168.1.0/24`, `nas.lan`, `[fd00::5]`, each with `:port` where only that port is meant. */
export const lanTargetSchema = keptLanTargetSchema.refine((text) => !isNeverTarget(text), {
  error: 'is link-local or reserved: nothing is ever sent there',
});

function isNeverTarget(text: string): boolean {
  const target = parseLanTarget(text);
  if (target === null || isIP(target.host) === 0) return false;
  return target.bits === null ? reachOf(target.host) === 'never' : isNeverNetwork(target.host, target.bits);
}

interface LanTarget {
  host: string;
  bits: number | null;
  port: number | null;
}

function parseLanTarget(text: string): LanTarget | null {
  const match =
    /^(?:\[([0-9a-f:.]+)\]|([0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*)|([\w.-]+))(?:\/(\d{1,3}))?(?::(\d{1,5}))?$/i.exec(text);
  if (!match) return null;
  const host = (match[1] ?? match[2] ?? match[3]).toLowerCase();
  const family = isIP(host);
  const bits = match[4] === undefined ? null : Number(match[4]);
  const port = match[5] === undefined ? null : Number(match[5]);
  if ((match[3] === undefined && family !== 6) || (port !== null && port > 65535)) return null;
  if (bits !== null && (family === 0 || bits > (family === 6 ? 128 : 32))) return null;
  return { host, bits, port };
}

/** `target_refused` is for what the owner may allow. */
interface Objection {
  code: Extract<DeliveryCode, 'target_refused' | 'target_forbidden'>;
  reason: string;
}

interface Resolved {
  address: string;
  family: number;
}

export interface TargetGuardOptions {
  /** The owner's own machines, as `lanTargetSchema`. */
  lanTargets: readonly string[];
  /** The port on which Guardian itself listens: never a target. */
  ownPort: number | null;
  resolve?: (host: string) => Promise<Resolved[]>;
}

export interface TargetGuard {
  /** The URL in its canonical form; throws AppError `target_refused` or `target_forbidden` for what is refused without asking a name server. */
  check(url: string): URL;
  /** For the connection to a checked URL: resolves, checks every address, and hands on exactly what was checked. */
  lookup(url: URL): LookupFunction;
}

const resolveAll = (host: string): Promise<Resolved[]> => systemLookup(host, { all: true, order: 'verbatim' });

export function createTargetGuard({ lanTargets, ownPort, resolve = resolveAll }: TargetGuardOptions): TargetGuard {
  const allowed = lanTargets.map((text) => parseLanTarget(text)).filter((target) => target !== null);

  const isAllowed = (name: string, address: string, port: number): boolean =>
    allowed.some((target) => {
      if (target.port !== null && target.port !== port) return false;
      if (isIP(target.host) === 0) return target.host === name;
      const list = new BlockList();
      const family = isIP(target.host) === 6 ? 'ipv6' : 'ipv4';
      list.addSubnet(target.host, target.bits ?? (family === 'ipv6' ? 128 : 32), family);
      return isIP(address) === isIP(target.host) && list.check(address, family);
    });

  /** Why an address is refused, or null. `name` is the host as the URL says it. */
  const objection = (name: string, raw: string, port: number): Objection | null => {
    const address = unmapped(raw);
    const reach = reachOf(address);
    if (reach === 'never') return forbidden('its address is link-local or reserved');
    if (port === ownPort && isOwnAddress(address)) return forbidden('it is Guardian itself');
    if (reach === 'private' && !isAllowed(name, address, port))
      return { code: 'target_refused', reason: 'it is in a private network' };
    return null;
  };

  return {
    check(text) {
      const url = URL.parse(text);
      if (!url) throw refusal('it', forbidden('it is not a URL'));
      const { hostname } = url;
      const target = hostname || 'it';
      if (url.protocol !== 'https:' && url.protocol !== 'http:')
        throw refusal(target, forbidden('only http and https are spoken'));
      if (url.username || url.password)
        throw refusal(target, forbidden('a password in a URL is seen by everybody on the way'));
      const literal = hostname.replace(/^\[|\]$/g, '');
      const against = isIP(literal) ? objection(literal, literal, portOf(url)) : null;
      if (against) throw refusal(target, against);
      return url;
    },

    lookup: (url) => (hostname, options, callback) => {
      resolve(hostname).then(
        (addresses) => {
          const name = hostname.toLowerCase().replace(/\.$/, '');
          for (const { address } of addresses) {
            // One bad address spoils the name: an answer that mixes public and private ones is an attack.
            const against = objection(name, address, portOf(url));
            if (against) return callback(refusal(hostname, against), '');
          }
          if (options.all) return callback(null, addresses);
          callback(null, addresses[0].address, addresses[0].family);
        },
        (error: NodeJS.ErrnoException) => callback(error, ''),
      );
    },
  };
}

const forbidden = (reason: string): Objection => ({ code: 'target_forbidden', reason });
const refusal = (target: string, { code, reason }: Objection): DeliveryError =>
  new DeliveryError(code, { target, reason }, { blame: 'settings' });

const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);

function isOwnAddress(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return (
    reachOf(address) === 'private' &&
    (/^127\.|^::1$/.test(address) || own.some((one) => unmapped(one.address) === address))
  );
}
