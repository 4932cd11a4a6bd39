/** A browser's or application's connection to a site: QUIC where both sides know it, else TLS. */
import type { Actor } from '../engine/actor.ts';
import { MILLISECOND, type Process } from '../engine/simulation.ts';
import { resolve } from './dns.ts';
import { reach } from './neighbour.ts';
import { openQuicTo } from './quic.ts';
import { openTlsTo, type SecureSession, type TlsOptions } from './tls.ts';

export function* openWeb(actor: Actor, name: string, options: TlsOptions): Process<SecureSession | null> {
  const { random, home } = actor;
  const remote = yield* resolve(actor, name);
  if (remote === null) return null;
  yield random.uniform(0.2, 4) * MILLISECOND;
  const site = home.internet.site(name);
  const modern = options.profile === 'browser' || options.profile === 'apple';
  if (modern && site.quic && home.answer(remote, 443) === 'open' && random.bool(0.8) && (yield* reach(actor, remote))) {
    return yield* openQuicTo(actor, remote, name, options.profile);
  }
  return yield* openTlsTo(actor, remote, name, site.tls, options);
}
