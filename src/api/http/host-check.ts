/**
 * Refuses requests that a foreign page made a browser send. Two checks, because each alone has a hole: with DNS
 * rebinding `Origin` and `Host` agree, so the name itself must be one of ours; and a page of another site reaches us
 * by our right name, so `Origin` and `Sec-Fetch-Site` must not be foreign.
 */
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';

/** A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port. Nothing else is a `Host`. */
const hostPattern = /^(?<name>\[[\da-f:.]+\]|[a-z\d._-]+)(?::\d{1,5})?$/;

export interface HostCheckOptions {
  /** The address or name that the server listens on. */
  host: string;
  /** Further names under which the owner reaches it, and those of the machine. */
  allowedHosts: readonly string[];
}

/** Whether a `Host` header, in small letters, names this server. */
export type IsOurs = (header: string, localAddress: string | undefined) => boolean;

export function createHostNames({ host, allowedHosts }: HostCheckOptions): IsOurs {
  const allowed = new Set(['localhost', host, ...allowedHosts].map((name) => name.toLowerCase()));

  return (header, localAddress) => {
    const name = hostPattern.exec(header)?.groups?.name;
    if (name === undefined) return false;
    if (allowed.has(name)) return true;
    // An address cannot be rebound: whoever names the one that the connection has come to means us.
    const address = name.replaceAll(/[[\]]/g, '');
    return isIP(address) !== 0 && address === localAddress?.replace(/^::ffff:/, '');
  };
}

/** The hook throws AppError `unknown_host` or `foreign_origin`. */
export function createHostCheck(isOurs: IsOurs) {
  return (request: FastifyRequest): void => {
    const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
    const host = request.headers.host?.toLowerCase() ?? '';
    // Of two names one proxy or server believes the first, another the last (RFC 9112, section 3.2: refused).
    if (request.raw.headersDistinct.host?.length !== 1) throw new AppError('unknown_host', {});
    if (!isOurs(host, request.socket.localAddress)) throw new AppError('unknown_host', {});
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
      throw new AppError('foreign_origin', {});
    }
    if (site === undefined || site === 'same-origin' || site === 'none') return;
    // A link on another site may lead here; nothing else may come from there, not even from another port.
    const followsLink = (request.method === 'GET' || request.method === 'HEAD') && mode === 'navigate';
    if (!followsLink) throw new AppError('foreign_origin', {});
  };
}
