/**
 * A device that was not there before. Who it is goes by its link-layer address where that is the maker's, else by its
 * IP address: phones and containers make up a new link-layer address whenever they like.
 */
import type { Host } from '../../../feature/host.ts';
import type { Packet } from '../../../packet/packet.ts';
import { hexText } from '../../../packet/text.ts';
import type { Behaviour, Context } from '../behaviour.ts';

const MOST = 4096;
const LOCALLY_ADMINISTERED = 0x02;

function identities({ bytes, srcMac }: Packet, host: Host): string[] {
  const mac = hexText(bytes, srcMac, srcMac + 6);
  return (bytes[srcMac] & LOCALLY_ADMINISTERED) === 0 ? [mac] : [mac, host.address];
}

export function createNewcomer(): Behaviour {
  const known = new Set<string>();
  const checked = new WeakSet<Host>();

  function meet(host: Host, keys: string[], context: Context): void {
    // Where so many were met, most are made up, and who is new cannot be told.
    const isKnown = known.size >= MOST || keys.some((key) => known.has(key));
    if (known.size < MOST) for (const key of keys) known.add(key);
    if (isKnown || (context.learning && !context.isWarmingUp) || !context.hasPast) return;
    context.report({
      kind: 'new-device',
      detector: 'newcomer',
      host,
      target: null,
      ts: context.ts,
      since: context.ts,
      strength: 0,
      evidence: { mac: host.mac ?? '' },
    });
  }

  return {
    name: 'newcomer',
    packet(packet: Packet, step, context) {
      const host = step.direction === 0 ? step.link.channel.orig : step.link.channel.resp;
      if (host.scope !== 'local' || checked.has(host) || !host.isSomebody) return;
      checked.add(host);
      meet(host, packet.srcMac < 0 ? [host.address] : identities(packet, host), context);
    },
    start(link, context) {
      const { orig } = link.channel;
      if (!link.recorded || orig.scope !== 'local' || checked.has(orig)) return;
      checked.add(orig);
      meet(orig, [orig.address], context);
    },
    save: () => [...known],
    load(state: string[]) {
      known.clear();
      for (const key of state) known.add(key);
    },
  };
}
