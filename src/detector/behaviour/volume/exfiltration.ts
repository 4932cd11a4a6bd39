/**
 * Exfiltration: a device sends far more to one address outside than it ever sent anywhere, or more to all strangers
 * together than it ever did.
 */
import type { Host } from '../../../feature/host.ts';
import type { Channel, Link } from '../../../feature/link.ts';
import { PROTO_TCP } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Acquaintance, Behaviour, Context } from '../behaviour.ts';
import { type SavedUsual, Usual } from '../reach/usual.ts';
import { type SavedSlots, SlotMaxima } from './slot-maxima.ts';
import { Strangers } from './strangers.ts';

/** Sums are kept per quarter of an hour. */
const SLOT = 900;
/**
 * Bytes in a slot that stand out without a past. Backups go to clouds that have names; to an address that never had one
 * even ten megabytes are rare.
 */
const COLD_BYTES: Record<Acquaintance, number> = { named: Number.POSITIVE_INFINITY, unknown: 200e6, bare: 10e6 };
const PAST_FACTOR = 5;
/** To a bare address that was never met. */
const STRANGER_FACTOR = 1;
const FEWEST = 5e6;
/** No packet holds more; a log that missed packets may count what was never sent. */
const LARGEST_PACKET = 65_535;
/**
 * An upload: what comes back is less. In a call, whose datagrams go both ways, a tenth is already much; over TCP only
 * whoever hides an upload sends half of it back.
 */
const ANSWER_SHARE = 0.1;
const ANSWER_SHARE_TCP = 0.5;
const MOST_MET = 65_536;

interface Sent {
  slot: number;
  out: number;
  back: number;
  /** All of the upload, which may last for many slots. */
  since: number;
  total: number;
  isUpload: boolean;
}

const answerShare = ({ proto }: Channel): number => (proto === PROTO_TCP ? ANSWER_SHARE_TCP : ANSWER_SHARE);

export function createExfiltration(): Behaviour {
  const sent = new WeakMap<Channel, Sent>();
  const strangers = new WeakMap<Host, Strangers>();
  const usual = new Usual();
  const slots = new SlotMaxima();
  /** Who was sent to while learning. */
  const met = new Set<string>();
  const keyOf = ({ orig, resp }: Channel): string => `${orig.address}>${resp.address}`;

  function add(link: Link, out: number, back: number, context: Context): void {
    const { channel } = link;
    const { orig, resp, port } = channel;
    const outward = orig.scope === 'local' && resp.scope === 'external';
    const inward = orig.scope === 'external' && resp.scope === 'local';
    if (!outward && !inward) return;
    const device = outward ? orig : resp;
    const slot = Math.floor(context.ts / SLOT);
    const none = () => ({ slot, out: 0, back: 0, since: context.ts, total: 0, isUpload: false });
    const state = getOrCreate(sent, channel, none);
    if (state.slot !== slot) {
      const { since, total } = state;
      const goesOn = state.isUpload && slot === state.slot + 1;
      Object.assign(state, none(), goesOn && { since, total, isUpload: true });
    }
    state.total += outward ? out : back;
    state.out += outward ? out : back;
    state.back += outward ? back : out;
    if (context.learning && state.out === out && met.size < MOST_MET) met.add(keyOf(channel));
    if (outward) addToStrangers(link, out, back, context);
    const bar = state.out < FEWEST ? Number.POSITIVE_INFINITY : barOf(link, device, context);
    const isUpload = state.out >= bar && state.back <= answerShare(channel) * state.out;
    if (context.learning) {
      if (isUpload) met.delete(keyOf(channel));
      else {
        usual.learn(device.address, state.out);
        slots.learn(device.address, slot, state.out);
      }
    }
    if (!isUpload) return;
    state.isUpload = true;
    const past = usual.of(device.address) ?? 0;
    context.report({
      kind: 'exfiltration',
      detector: 'exfiltration',
      host: device,
      target: outward ? resp : orig,
      ts: context.ts,
      since: state.since,
      strength: Math.log(state.out / bar),
      evidence: { bytes: state.total, usual: Math.round(past), seconds: context.ts - state.since, port },
    });
  }

  function barOf(link: Link, device: Host, { learning, names }: Context): number {
    const acquaintance = names.of(link);
    const past = learning ? undefined : usual.of(device.address);
    if (past === undefined) return COLD_BYTES[acquaintance];
    if (acquaintance !== 'bare' || met.has(keyOf(link.channel))) return Math.max(FEWEST, PAST_FACTOR * past);
    return Math.max(FEWEST, STRANGER_FACTOR * (slots.robust(device.address) ?? Math.min(past, COLD_BYTES.bare)));
  }

  /** What goes to bare addresses that were never met, to all of them together. */
  function addToStrangers(link: Link, out: number, back: number, context: Context): void {
    const { channel } = link;
    const { orig, resp, port } = channel;
    const { learning, ts } = context;
    if (out + back === 0 || context.names.of(link) !== 'bare' || (!learning && met.has(keyOf(channel)))) return;
    const sum = getOrCreate(strangers, orig, () => new Strangers());
    sum.add(ts, resp.address, port, out, back);
    const key = `strangers ${orig.address}`;
    if (learning) {
      // More than that is no habit, whoever does it.
      usual.learn(key, Math.min(sum.out, Strangers.bar(0)));
      return;
    }
    // Where nothing was learned of the device, nothing is known of its peers.
    if (!context.hasPast || usual.of(orig.address) === undefined) return;
    const past = usual.of(key) ?? 0;
    const bar = Strangers.bar(past);
    if (sum.out < bar || sum.back > answerShare(channel) * sum.out || !sum.hasGrown()) return;
    context.report({
      ...{ kind: 'exfiltration', detector: 'exfiltration', host: orig, target: null, ts, since: sum.since },
      strength: Math.log(sum.out / bar),
      evidence: {
        ...{ bytes: sum.out, usual: Math.round(past), seconds: ts - sum.since, port },
        addresses: sum.addresses,
      },
    });
  }

  return {
    name: 'exfiltration',
    packet(packet, step, context) {
      if (packet.payloadLength === 0) return;
      const { link, direction } = step;
      // Datagrams that nobody answers are no upload.
      if (packet.proto !== PROTO_TCP && link.packets[1] === 0) return;
      add(link, direction === 0 ? packet.payloadLength : 0, direction === 1 ? packet.payloadLength : 0, context);
    },
    end(link, context) {
      if (!link.recorded) return;
      const [out, back] = link.bytes.map((bytes, i) => Math.min(bytes, LARGEST_PACKET * link.packets[i]));
      add(link, out, back, context);
    },
    save: () => ({ usual: usual.save(), met: [...met], slots: slots.save() }),
    load(past: { usual: SavedUsual; met: string[]; slots?: SavedSlots }) {
      // Older states know the maximum alone.
      slots.load(past.slots ?? []);
      usual.load(past.usual);
      met.clear();
      for (const key of past.met) met.add(key);
    },
  };
}
