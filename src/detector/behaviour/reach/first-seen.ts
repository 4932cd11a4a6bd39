/**
 * A device goes to a place, or uses a service, where it never was, though it hardly ever does so. How often it does is
 * counted in the hours in which it speaks, and calibrates it: laptops and phones, to whom something is new every day,
 * stay quiet, and half of the owner's budget of false alarms is the most that all devices together may use up.
 */
import type { Host } from '../../../feature/host.ts';
import { DNS_PORT, parseDns } from '../../../packet/layers/application/dns.ts';
import { PROTO_TCP, PROTO_UDP } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';

const HOUR = 3600;
const WEEK = 7 * 86_400;
const WEEK_HOURS = WEEK / HOUR;
const SHARE = 0.5;
/** Hours in which a device spoke; fewer say nothing of how often something is new to it. */
const FEWEST_HOURS = 48;
const MOST_DEVICES = 1024;
/** Places and services of a device; one that has seen more is not looked at any more. */
const MOST_KNOWN = 512;
const MOST_NAMES = 16_384;
/** Hours with something new that are remembered: of more, the device is none to be surprised at. */
const MOST_FRESH = 512;

interface Device {
  known: Set<string>;
  /** Hours in which it spoke so far, and the last of them in hours since 1970. */
  hours: number;
  last: number;
  /** Which of them held something new. */
  fresh: number[];
}
type SavedDevice = Omit<Device, 'known'> & { address: string; known: string[] };

/** What stands before the last two labels changes with every data centre. */
const domainOf = (name: string): string => name.toLowerCase().split('.').slice(-2).join('.');
/** Without a name: providers change addresses within their networks. */
const networkOf = (address: string): string =>
  address.includes(':')
    ? `${address.split(':').slice(0, 2).join(':')}::/32`
    : address.replace(/\.\d+\.\d+$/, '.0.0/16');

/**
 * Times a week that something is new to the device. Only the later half of its past counts: in the first everything
 * was new. One more than was seen, so that no past is long enough for "never".
 */
function newPerWeek({ hours, fresh }: Device): number {
  const from = hours >> 1;
  return (WEEK_HOURS * (fresh.filter((hour) => hour >= from && hour < hours).length + 1)) / (hours - from + 1);
}

/** @param budget false alarms a week that the owner accepts */
export function createFirstSeen(budget: number): Behaviour {
  const devices = new Map<string, Device>();
  /** Domains that addresses were looked up for. */
  const names = new Map<string, string>();
  const allowed = budget * SHARE;
  let lastReport = Number.NEGATIVE_INFINITY;

  function deviceOf(host: Host, ts: number): Device | null {
    if (devices.size >= MOST_DEVICES && !devices.has(host.address)) return null;
    const hour = Math.floor(ts / HOUR);
    const create = (): Device => ({ known: new Set(), hours: 0, last: hour, fresh: [] });
    const device = getOrCreate(devices, host.address, create);
    if (hour > device.last) {
      device.hours++;
      device.last = hour;
    }
    return device;
  }

  /** Whether it is new, and the first new thing in the hour, to a device to whom that hardly ever happens. */
  function isRemarkable(device: Device, key: string, ts: number, learning: boolean): boolean {
    if (device.known.has(key) || device.known.size >= MOST_KNOWN) return false;
    device.known.add(key);
    if (device.fresh.at(-1) === device.hours || device.fresh.length >= MOST_FRESH) return false;
    device.fresh.push(device.hours);
    if (learning || device.hours < FEWEST_HOURS || newPerWeek(device) > allowed) return false;
    return ts - lastReport >= WEEK / allowed;
  }

  function report(
    host: Host,
    target: Host,
    device: Device,
    what: { place: string } | { port: number },
    context: Context,
  ): void {
    const { ts } = context;
    lastReport = ts;
    const perWeek = newPerWeek(device);
    context.report({
      kind: 'new-destination',
      ...{ detector: 'first-seen', host, target, ts, since: ts },
      strength: Math.log(allowed / perWeek),
      evidence: { ...what, hours: device.hours, new_per_week: Number(perWeek.toPrecision(3)) },
    });
  }

  return {
    name: 'first-seen',
    packet(packet, { link, direction }) {
      const { proto, port } = link.channel;
      if (proto !== PROTO_UDP || port !== DNS_PORT || direction !== 1 || packet.payloadCaptured === 0) return;
      const message = parseDns(packet.bytes, packet.payloadOffset, packet.payloadOffset + packet.payloadCaptured);
      const name = message?.isResponse ? message.questions[0]?.name : undefined;
      if (!message || !name) return;
      for (const { data } of message.answers) {
        if (names.size >= MOST_NAMES) names.delete(names.keys().next().value!);
        names.set(data, domainOf(name));
      }
    },
    start({ channel: { orig, resp, proto, port } }, context) {
      if (orig.scope !== 'local' || !orig.isSomebody || resp.scope === 'multicast') return;
      const { ts, learning } = context;
      const device = deviceOf(orig, ts);
      if (device === null) return;
      if (resp.scope === 'external') {
        const place = names.get(resp.address) ?? networkOf(resp.address);
        if (isRemarkable(device, place, ts, learning)) report(orig, resp, device, { place }, context);
      }
      if (proto !== PROTO_TCP && proto !== PROTO_UDP) return;
      const service = `${proto === PROTO_TCP ? 'tcp' : 'udp'} ${port}`;
      if (isRemarkable(device, service, ts, learning)) report(orig, resp, device, { port }, context);
    },
    save: () => [...devices].map(([address, { known, ...rest }]) => ({ address, ...rest, known: [...known] })),
    load(state: SavedDevice[]) {
      devices.clear();
      for (const { address, hours, last, fresh, known } of state) {
        const other = devices.get(address);
        // Of two pasts of one device the longer one counts hours; what either knows is known.
        const own = other && other.hours > hours ? other : { hours, last, fresh };
        devices.set(address, { ...own, known: new Set([...known, ...(other?.known ?? [])]) });
      }
    },
  };
}
