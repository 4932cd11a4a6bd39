/**
 * Slow denial of service (Slowloris and kin): one client holds many connections to one service open, says just enough
 * to keep them, and gets no answer because it never finishes its requests.
 */
import type { Channel, Link } from '../../../feature/link.ts';
import { PROTO_TCP } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';
import { PAST_FACTOR, type SavedUsual, Usual } from '../reach/usual.ts';

/** Browsers hold six connections to a server; embedded servers often serve no more than that at once. */
const MOST_OPEN = 10;
/** A request that is still unanswered after this long is being held. */
const HELD = 0.5;
const SMALL_REQUEST = 2048;

interface Held {
  links: Set<Link>;
  /** Start of the first of this episode, and how many were held at once at most. */
  since: number;
  most: number;
}

export function createSlowDos(): Behaviour {
  /** Open connections of each channel that have said something and heard nothing, with the times that they began. */
  const held = new WeakMap<Channel, Held>();
  const usual = new Usual();

  function judge(channel: Channel, { links, since, most }: Held, context: Context): void {
    let count = 0;
    for (const link of links) if (context.ts - link.start >= HELD) count++;
    const key = `${channel.resp.address}:${channel.port}`;
    const bar = usual.barFor(key, count, MOST_OPEN, PAST_FACTOR, context.learning);
    if (count < bar) return;
    context.report({
      kind: 'slow-dos',
      detector: 'slow-dos',
      host: channel.orig,
      target: channel.resp,
      ts: context.ts,
      since,
      strength: Math.log(count / bar),
      evidence: { open: most, port: channel.port, seconds: context.ts - since, usual: usual.of(key) ?? 0 },
    });
  }

  return {
    name: 'slow-dos',
    packet(packet, step, context) {
      if (packet.proto !== PROTO_TCP) return;
      const { link } = step;
      const { channel } = link;
      const waiting =
        link.state === 'established' && link.bytes[0] > 0 && link.bytes[0] < SMALL_REQUEST && link.bytes[1] === 0;
      if (!waiting) {
        held.get(channel)?.links.delete(link);
        return;
      }
      const own = getOrCreate(held, channel, () => ({ links: new Set<Link>(), since: link.start, most: 0 }));
      const { links } = own;
      if (links.size === 0) Object.assign(own, { since: link.start, most: 0 });
      links.add(link);
      own.most = Math.max(own.most, links.size);
      if (links.size >= MOST_OPEN || context.learning) judge(channel, own, context);
    },
    end(link) {
      held.get(link.channel)?.links.delete(link);
    },
    save: () => usual.save(),
    load: (state: SavedUsual) => usual.load(state),
  };
}
