/**
 * Scans that take their time, and those that hide among successes. The random walk of `scan.ts` forgets within hours and
 * lets any success pay for any failure; here each service has an account of its own, which is kept for days:
 * - outside, first contacts over TCP with one service of addresses that nobody looked up: only a success of the same
 *   service pays for a failure;
 * - inside, neighbours that refuse, and addresses that are asked for although nobody has them.
 */
import type { Host } from '../../../feature/host.ts';
import type { Link } from '../../../feature/link.ts';
import {
  ARP_SENDER_IP,
  ARP_SENDER_MAC,
  ARP_TARGET_IP,
  arpOperation,
  isEthernetArp,
} from '../../../packet/layers/link/arp.ts';
import { PROTO_TCP } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import { macNumber } from '../../link-address.ts';
import { weightOfSilence } from '../access/line.ts';
import type { Behaviour, Context, Outcome } from '../behaviour.ts';
import { FewSet } from './few-set.ts';
import { Routers } from './routers.ts';
import { Usual } from './usual.ts';

/** The steps of the random walk (Jung et al.), at four times its evidence: over days much happens. */
const STEP = Math.log(0.8 / 0.2);
const CUT = 2 * Math.log(0.99 / 1e-5);
/** A failure of three days ago says a third. */
const FORGET = 3 * 86_400;
/** At high ports are the peers of programs, of which most are gone. */
const UNPRIVILEGED = 1024;
/** Where look-ups are not seen, the address may well have a name. */
const NAMELESS = 0.5;
/** Nobody has the address: a device that left, a setting that is old. */
const NOBODY = 0.5;
/** An answer to an ARP request is there by then. Seconds. */
const PATIENCE = 3;
const PAST_FACTOR = 2;
const MOST_SERVICES = 32;
const MOST_TARGETS = 1024;
const MOST_ALIVE = 16_384;
const GROWTH = 1.05;

/** What is known of one service, or of the neighbours. */
interface Account {
  evidence: number;
  updated: number;
  since: number;
  /** Everybody that was tried, and how many failed. */
  tried: FewSet<string>;
  failed: number;
  told: number;
}

interface Patient {
  accounts: Map<string, Account>;
  /** Addresses asked for just now, and when. */
  asked: Map<Host, number>;
}

const INSIDE = 'inside';

export function createPatientScan(): Behaviour {
  const patients = new WeakMap<Host, Patient>();
  const usual = new Usual();
  const routers = new Routers();
  /** Addresses of this network under which anybody ever spoke. */
  const alive = new Set<string>();

  const patientOf = (host: Host): Patient =>
    getOrCreate(patients, host, () => ({ accounts: new Map(), asked: new Map() }));

  function accountOf(patient: Patient, key: string, ts: number): Account {
    const { accounts } = patient;
    const none: Account = { evidence: 0, updated: ts, since: ts, tried: new FewSet(), failed: 0, told: 0 };
    const account = accounts.get(key) ?? none;
    // The service that was not tried for longest is forgotten first.
    accounts.delete(key);
    accounts.set(key, account);
    if (accounts.size > MOST_SERVICES) accounts.delete(accounts.keys().next().value!);
    account.evidence *= Math.exp(-Math.max(0, ts - account.updated) / FORGET);
    account.updated = ts;
    if (account.evidence > 0) return account;
    account.since = ts;
    account.failed = account.told = 0;
    return account;
  }

  /** One more that was tried, and what that says: above 0 for a failure. */
  function book(host: Host, key: string, target: string, step: number, port: number | null, context: Context): void {
    const account = accountOf(patientOf(host), key, context.ts);
    if (account.tried.has(target) || account.tried.size >= MOST_TARGETS) return;
    account.tried.add(target);
    account.evidence = Math.max(0, account.evidence + step);
    if (step > 0) account.failed++;
    const past = `${key} ${host.address}`;
    const bar = usual.barFor(past, account.evidence, CUT, PAST_FACTOR, context.learning);
    if (account.evidence < bar || account.failed < account.told * GROWTH) return;
    account.told = account.failed;
    const { since, failed } = account;
    context.report({
      ...{ kind: 'scan', detector: 'patient-scan', host, target: null, ts: context.ts, since },
      strength: account.evidence - bar,
      evidence: {
        addresses: failed,
        ports: 1,
        ...(port !== null && { port }),
        ...(port !== null && { failed }),
        seconds: context.ts - since,
        proto: port === null ? 'arp' : 'tcp',
      },
    });
  }

  /** What a first contact outside says. */
  function stepOf(link: Link, outcome: Outcome, { names, ts }: Context): number {
    if (outcome === 'answered') return -STEP;
    const acquaintance = names.of(link);
    if (acquaintance === 'named') return 0;
    const line = outcome === 'unanswered' ? weightOfSilence(link.channel.orig, ts) : 1;
    return STEP * line * (acquaintance === 'bare' ? 1 : NAMELESS);
  }

  function settle(host: Host, patient: Patient, context: Context): void {
    for (const [target, ts] of patient.asked) {
      if (alive.has(target.address)) patient.asked.delete(target);
      else if (ts < context.ts - PATIENCE) {
        patient.asked.delete(target);
        book(host, INSIDE, target.address, STEP * NOBODY, null, context);
      } else return;
    }
  }

  const speak = (address: string): void => {
    if (alive.size < MOST_ALIVE) alive.add(address);
  };

  return {
    name: 'patient-scan',
    outcome(link, outcome, context) {
      const { orig, resp, port, proto } = link.channel;
      if (proto !== PROTO_TCP || orig.scope !== 'local') return;
      if (outcome === 'unanswered' && link.bytes[0] > 0) return;
      if (resp.scope === 'external' && port < UNPRIVILEGED) {
        const step = stepOf(link, outcome, context);
        if (step !== 0) book(orig, `tcp ${port}`, resp.address, step, port, context);
      } else if (resp.scope === 'local' && outcome === 'refused') book(orig, INSIDE, resp.address, STEP, null, context);
    },
    packet(packet, step) {
      routers.packet(packet, step);
      const { orig, resp } = step.link.channel;
      const sender = step.direction === 0 ? orig : resp;
      if (step.link.packets[step.direction] === 1 && sender.scope === 'local') speak(sender.address);
    },
    frame(packet, context) {
      if (!isEthernetArp(packet)) return;
      const { view, arpOffset, bytes } = packet;
      const sender = view.getInt32(arpOffset + ARP_SENDER_IP);
      if (sender === 0) return;
      const host = context.hosts.word(sender, context.ts);
      speak(host.address);
      const target = view.getInt32(arpOffset + ARP_TARGET_IP);
      if (arpOperation(packet) !== 1 || target === sender || host.scope !== 'local') return;
      if (routers.has(macNumber(bytes, arpOffset + ARP_SENDER_MAC))) return;
      const patient = patientOf(host);
      settle(host, patient, context);
      const asked = context.hosts.word(target, context.ts);
      if (!alive.has(asked.address) && patient.asked.size < MOST_TARGETS) patient.asked.set(asked, context.ts);
    },
    save: () => usual.save(),
    load: (state) => usual.load(state as [string, number][]),
  };
}
