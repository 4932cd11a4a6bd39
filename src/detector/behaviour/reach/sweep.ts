/**
 * Sweeps of the outside: one service of hundreds of addresses within seconds, or pings to dozens that nobody answers.
 * A scan of first contacts that fail has to wait for the failures; who calls so many is none that waits.
 */
import type { Host } from '../../../feature/host.ts';
import type { Link } from '../../../feature/link.ts';
import { PROTO_ICMP, PROTO_TCP, PROTO_UDP } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';

/** Different addresses in ten seconds: a browser with many pages calls some dozens, and most of them answer. */
const CALLED = 200;
const CALLED_WITHIN = 10;
/** Different addresses pinged in a minute: who looks for the nearest server pings as many, and they answer. */
const PINGED = 20;
const PINGED_WITHIN = 60;
const ANSWERED_SHARE = 0.2;
const ECHO = 8;

/** First contacts with addresses outside at one port. */
class Contacts {
  readonly addresses = new Map<number, number>();
  answered = 0;
  since: number;
  private readonly within: number;

  constructor(ts: number, within: number) {
    this.since = ts;
    this.within = within;
  }

  add(address: number, ts: number): void {
    if (ts - this.since > this.within) {
      for (const [old, when] of this.addresses) {
        if (ts - when <= this.within) break;
        this.addresses.delete(old);
      }
      this.answered = Math.min(this.answered, this.addresses.size);
      this.since = this.addresses.values().next().value ?? ts;
    }
    if (!this.addresses.has(address)) this.addresses.set(address, ts);
  }
}

const MOST_SERVICES = 16;

export function createSweep(): Behaviour {
  const sweeps = new WeakMap<Host, Map<string, Contacts>>();

  function contactsOf({ channel: { orig, proto, port } }: Link, ts: number): Contacts {
    const services = getOrCreate(sweeps, orig, () => new Map<string, Contacts>());
    const key = `${proto} ${port}`;
    if (services.size >= MOST_SERVICES && !services.has(key)) services.delete(services.keys().next().value!);
    return getOrCreate(services, key, () => new Contacts(ts, proto === PROTO_ICMP ? PINGED_WITHIN : CALLED_WITHIN));
  }

  const isLooked = ({ channel: { orig, resp, proto, port } }: Link): boolean =>
    orig.scope === 'local' &&
    resp.scope === 'external' &&
    (proto === PROTO_TCP || proto === PROTO_UDP || (proto === PROTO_ICMP && port === ECHO));

  function judge(link: Link, contacts: Contacts, most: number, context: Context): void {
    const { addresses, answered, since } = contacts;
    if (addresses.size < most || answered > ANSWERED_SHARE * addresses.size) return;
    const { orig, proto, port } = link.channel;
    const how = proto === PROTO_ICMP ? 'ping' : proto === PROTO_TCP ? 'tcp' : 'udp';
    context.report({
      ...{ kind: 'scan', detector: 'sweep', host: orig, target: null, ts: context.ts, since },
      strength: Math.log(addresses.size / most),
      evidence: {
        ...{ addresses: addresses.size, ports: 1, seconds: context.ts - since, proto: how },
        // Whether the latest pings are answered is not known yet.
        ...(how === 'ping' ? { at_least: 1 as const } : { port }),
      },
    });
  }

  return {
    name: 'sweep',
    start(link, context) {
      if (!isLooked(link)) return;
      const contacts = contactsOf(link, context.ts);
      if (link.channel.proto === PROTO_ICMP) return;
      contacts.add(link.channel.resp.id, context.ts);
      judge(link, contacts, CALLED, context);
    },
    outcome(link, outcome, context) {
      if (!isLooked(link)) return;
      const contacts = contactsOf(link, context.ts);
      if (outcome === 'answered') contacts.answered++;
      else if (link.channel.proto === PROTO_ICMP) {
        contacts.add(link.channel.resp.id, context.ts);
        judge(link, contacts, PINGED, context);
      }
    },
  };
}
