/** Logins and refusals in clear text, counted line by line. */
import type { PlainPacket } from './plain-packets.ts';

const REQUEST = [
  /^PASS \S/m,
  /^AUTH (PLAIN|LOGIN)/m,
  /^\S+ LOGIN \S/m,
  /^Authorization: (Basic|Digest) /im,
  /["'&?;\s](pass|passwd|password|pwd)["']?\s*[:=]/i,
  /^(POST|PUT) \S*\/(login|logon|signin|sign_in|auth|authenticate|session)\b/im,
];
const REFUSAL = [
  /^HTTP\/1\.[01] 40[13] /m,
  /^(530|535)[ -]/m,
  /^-ERR/m,
  /^\S+ NO /m,
  /login incorrect|authentication fail|access denied/i,
];

const isMqttConnect = (payload: Buffer): boolean => payload[0] === 0x10 && payload.subarray(0, 12).includes('MQ');
const isMqttRefusal = (payload: Buffer): boolean =>
  payload.length >= 4 && payload.length <= 64 && payload[0] === 0x20 && [4, 5, 0x86, 0x87].includes(payload[3]);

/** What is sent again, or stands twice in the file, was said once: same ends, same place in the stream, same words. */
function withoutCopies(packets: readonly PlainPacket[]): PlainPacket[] {
  const seen = new Set<string>();
  return packets.filter(({ src, sport, dport, seq, payload, flags }) => {
    if (payload.length === 0 && (flags & 0x02) === 0) return true;
    const key = `${src} ${sport} ${dport} ${seq} ${payload.toString('latin1')}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** A login that was asked for and refused is one; so is a short session whose words are encrypted. */
export function plainLogins(packets: readonly PlainPacket[], own: string, target: string, port: number) {
  const sessions = new Map<
    number,
    { requests: number; refusals: number; out: number; back: number; isOver: boolean }
  >();
  const done: { requests: number; refusals: number; out: number; back: number; isOver: boolean }[] = [];
  for (const { src, dst, sport, dport, proto, payload, length, flags } of withoutCopies(packets)) {
    if (proto !== 'tcp') continue;
    const outward = src === own && dst === target && dport === port;
    const inward = src === target && dst === own && sport === port;
    if (!outward && !inward) continue;
    const key = outward ? sport : dport;
    if (outward && (flags & 0x12) === 0x02) sessions.delete(key);
    let session = sessions.get(key);
    if (!session) {
      session = { requests: 0, refusals: 0, out: 0, back: 0, isOver: false };
      sessions.set(key, session);
      done.push(session);
    }
    if ((flags & 0x05) !== 0) session.isOver = true;
    if (outward) session.out += length;
    else session.back += length;
    const text = payload.subarray(0, 512).toString('latin1');
    if (outward && payload.length >= 8 && (isMqttConnect(payload) || REQUEST.some((sign) => sign.test(text))))
      session.requests++;
    if (inward && (isMqttRefusal(payload) || (payload.length >= 8 && REFUSAL.some((sign) => sign.test(text)))))
      session.refusals++;
  }
  const hasWords = done.some(({ requests, refusals }) => requests + refusals > 0);
  const attempts = done.reduce(
    (sum, { requests, refusals, back, isOver }) =>
      sum + (hasWords || !isOver || back === 0 ? Math.max(requests, refusals) : 1),
    0,
  );
  return { attempts, refused: done.reduce((sum, { refusals }) => sum + refusals, 0) };
}
