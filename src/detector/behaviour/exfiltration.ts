/** Exfiltration: a device sends far more to one address outside than it ever sent anywhere. */
import type { Channel, Link } from '../../feature/link.ts';
import { remember } from '../remember.ts';
import type { Behaviour, Context } from './behaviour.ts';
import { Usual } from './usual.ts';

/** Sums are kept per quarter of an hour. */
const SLOT = 900;
/** Bytes in a slot that no small device needs to send without a past; cameras and backups do, but then they have one. */
const COLD_BYTES = 200e6;
const PAST_FACTOR = 5;
const FEWEST = 5e6;
/** An upload: what comes back is at most a tenth. */
const ANSWER_SHARE = 0.1;

interface Sent {
  slot: number;
  since: number;
  out: number;
  back: number;
}

export function createExfiltration(): Behaviour {
  const sent = new WeakMap<Channel, Sent>();
  const usual = new Usual();

  function add(link: Link, out: number, back: number, context: Context): void {
    const { channel } = link;
    const { orig, resp, port } = channel;
    const outward = orig.scope === 'local' && resp.scope === 'external';
    const inward = orig.scope === 'external' && resp.scope === 'local';
    if (!outward && !inward) return;
    const device = outward ? orig : resp;
    const slot = Math.floor(context.ts / SLOT);
    const state = remember(sent, channel, () => ({ slot, since: context.ts, out: 0, back: 0 }));
    if (state.slot !== slot) Object.assign(state, { slot, since: context.ts, out: 0, back: 0 });
    state.out += outward ? out : back;
    state.back += outward ? back : out;
    if (context.learning) usual.learn(device.address, state.out);
    const past = usual.of(device.address);
    const bar = past === undefined ? COLD_BYTES : Math.max(FEWEST, PAST_FACTOR * past);
    if (state.out < bar || state.back > ANSWER_SHARE * state.out) return;
    context.report({
      kind: 'exfiltration',
      detector: 'exfiltration',
      host: device,
      target: outward ? resp : orig,
      ts: context.ts,
      since: state.since,
      strength: Math.log(state.out / bar),
      evidence: { bytes: state.out, usual: Math.round(past ?? 0), seconds: context.ts - state.since, port },
    });
  }

  return {
    name: 'exfiltration',
    packet(packet, step, context) {
      if (packet.payloadLength === 0) return;
      const { link, direction } = step;
      add(link, direction === 0 ? packet.payloadLength : 0, direction === 1 ? packet.payloadLength : 0, context);
    },
    end(link, context) {
      if (link.recorded) add(link, link.bytes[0], link.bytes[1], context);
    },
    save: () => usual.save(),
    load: (state) => usual.load(state as [string, number][]),
  };
}
