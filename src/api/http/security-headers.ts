/** Headers of every answer: nothing but our own files may run, be framed, or be kept. */
import type { FastifyHelmetOptions } from '@fastify/helmet';

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
  // Only with TLS and a stable name; a home server on plain HTTP would lock its owner out.
  strictTransportSecurity: false,
};

export const permissionsPolicy = 'camera=(), microphone=(), geolocation=(), payment=(), usb=()';
