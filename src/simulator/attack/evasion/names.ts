/** DNS tunnels where a counter of names does not look. */
import type { Random } from '../../engine/random.ts';
import type { Process } from '../../engine/simulation.ts';
import { exchange } from '../../session/dns.ts';
import { reach } from '../../session/neighbour.ts';
import { openTcp } from '../../session/tcp.ts';
import {
  dnsMessage,
  QUERY_FLAGS,
  RESPONSE_FLAGS,
  RecordType,
  type Resource,
  ResponseCode,
} from '../../wire/application/dns.ts';
import { put16 } from '../../wire/bytes.ts';
import { type Evader, type Evasion, spread } from './evasion.ts';

const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz234567'];
const base32 = (random: Random, length: number): string => Array.from({ length }, () => random.pick(ALPHABET)).join('');
const attackers = ['camera', 'speaker', 'plug', 'laptop'];

function look(random: Random, zone: string): { name: string; answer: Resource } {
  const name = `${base32(random, random.int(50, 62))}.${base32(random, random.int(50, 62))}.${zone}`;
  return { name, answer: { type: RecordType.TXT, name, ttl: 0, texts: [base32(random, random.int(60, 220))] } };
}

/** The tunnel's domain is as short as a country's second level. */
export const shortDomain: Evasion = {
  plan: { amount: 720, duration: 180 },
  attackers,
  accepts: ['dns-tunnel'],
  *run(attack, plan) {
    const { random, home } = attack;
    attack.involve(home.router);
    yield* reach(attack, home.router);
    yield* spread(attack, plan, function* () {
      const { name, answer } = look(random, 'x1y.io');
      yield* exchange(attack, name, RecordType.TXT, random.logNormal(45, 0.4), ResponseCode.NOERROR, [answer]);
    });
  },
};

/** The message with its length in front (RFC 1035, 4.2.2). */
function framed(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(message.length + 2);
  put16(bytes, 0, message.length);
  bytes.set(message, 2);
  return bytes;
}

/** Over TCP, straight to the attacker's own name server; every other query comes in two segments. */
export const tcpDns: Evasion = {
  plan: { amount: 720, duration: 3600 },
  attackers,
  accepts: ['dns-tunnel'],
  *run(attack, plan) {
    const { random } = attack;
    const server = attack.outside();
    const zone = `t.${base32(random, 7)}.net`;
    let sent = 0;
    yield* spread(attack, plan, function* (): Process {
      yield* query(attack, server, zone, sent++ % 2 === 1);
    });
  },
};

function* query(attack: Evader, server: ReturnType<Evader['outside']>, zone: string, inTwo: boolean): Process {
  const { random } = attack;
  const { name, answer } = look(random, zone);
  const tcp = yield* openTcp(attack, server, 53);
  if (tcp === null) return;
  const id = random.int(0, 0xffff);
  const questions = [{ name, type: RecordType.TXT }];
  const bytes = framed(dnsMessage({ id, flags: QUERY_FLAGS, questions }));
  const border = inTwo ? 2 : bytes.length;
  yield* tcp.send(0, bytes.subarray(0, border));
  if (inTwo) yield* tcp.send(0, bytes.subarray(border));
  yield* tcp.send(1, framed(dnsMessage({ id, flags: RESPONSE_FLAGS, questions, answers: [answer] })), 0.04);
  yield* tcp.close(0);
}
