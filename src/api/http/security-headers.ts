/** Headers of every answer: nothing but our own files may run, be framed, or be kept. */
import { isIP } from 'node:net';
import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyRequest } from 'fastify';

export const securityHeaders: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      // data: for the small drawings inside the style sheet
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      // No string becomes markup or code, whatever a device calls itself.
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ['default'],
    },
  },
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
  // strictTransport() says it, where it may be said.
  strictTransportSecurity: false,
};

export const permissionsPolicy = 'camera=(), microphone=(), geolocation=(), payment=(), usb=()';

const YEAR_SECONDS = 31_536_000;

/**
 * HSTS (RFC 6797) holds for every port of a name. So it is said under the name of server.baseUrl alone, which is
 * Guardian's own: under that of the machine, or an address, other services would lose their plain HTTP.
 */
export function strictTransport(baseUrl: string): (request: FastifyRequest) => string | undefined {
  const { protocol, hostname } = baseUrl === '' ? { protocol: '', hostname: '' } : new URL(baseUrl);
  const isNamed = protocol === 'https:' && hostname.includes('.') && isIP(hostname) === 0 && !hostname.startsWith('[');
  return (request) =>
    isNamed && request.protocol === 'https' && request.hostname.toLowerCase() === hostname
      ? `max-age=${YEAR_SECONDS}`
      : undefined;
}
