import { AYIYA, TEREDO, tunnelInside, tunnelKind } from '../../packet/layers/network/tunnel.ts';
import type { Packet } from '../../packet/packet.ts';
import { AYIYA_INSIDE, TEREDO_INSIDE } from './connection-flags.ts';
import type { ConnectionStore } from './connection-store.ts';
import { FLAGS, MORE_SERVICES, PORTS, SERVICES, WORDS } from './record-layout.ts';

/** The kind of UDP tunnel that a connection is, by the responder's port or by what a datagram shows; 0 for none. */
export function tunnelOf({ words }: ConnectionStore, slot: number, packet: Packet): number {
  const base = slot * WORDS;
  const byPort = tunnelKind(words[base + PORTS] & 0xffff);
  if (byPort !== 0) return byPort;
  const known = words[base + FLAGS] & (TEREDO_INSIDE | AYIYA_INSIDE);
  if (known !== 0) return known === TEREDO_INSIDE ? TEREDO : AYIYA;
  if ((words[base + SERVICES] | words[base + MORE_SERVICES]) !== 0) return 0;
  const kind = tunnelInside(packet);
  if (kind !== 0) words[base + FLAGS] |= kind === TEREDO ? TEREDO_INSIDE : AYIYA_INSIDE;
  return kind;
}
