/** Names in look-ups: what was asked, and what does not exist. */
import { parseDns } from '../../src/packet/layers/application/dns.ts';
import type { PlainPacket } from './plain-packets.ts';

type Numbers = Readonly<Record<string, number | string | undefined>>;

export function plainNames(
  packets: readonly PlainPacket[],
  own: string,
  kind: 'dns-tunnel' | 'generated-names',
  evidence: Numbers,
): [name: string, said: number, counted: number][] {
  const asked: { ts: number; name: string }[] = [];
  const missing = new Set<string>();
  for (const { ts, proto, src, dst, sport, dport, payload } of packets) {
    if (proto !== 'udp' || (sport !== 53 && dport !== 53)) continue;
    const message = parseDns(payload, 0, payload.length);
    const name = message?.questions[0]?.name.toLowerCase();
    if (!message || !name) continue;
    if (message.isResponse && dst === own && message.rcode === 3) missing.add(name);
    if (!message.isResponse && src === own) asked.push({ ts, name });
  }
  if (kind === 'generated-names') return [['names', Number(evidence.names), missing.size]];
  const domain = String(evidence.domain);
  const names = new Map<string, number>();
  for (const { ts, name } of asked) if (name.endsWith(`.${domain}`) && !names.has(name)) names.set(name, ts);
  const claims: [string, number, number][] = [['names', Number(evidence.names), names.size]];
  const bytes = [...names.keys()].reduce((sum, name) => sum + name.length - domain.length - 1, 0);
  if (evidence.bytes !== undefined) claims.push(['bytes', Number(evidence.bytes), bytes]);
  if (evidence.period !== undefined) {
    const times = [...names.values()];
    const gaps = times
      .slice(1)
      .map((ts, i) => ts - times[i])
      .sort((a, b) => a - b);
    claims.push(['period', Number(evidence.period), gaps[gaps.length >> 1]]);
  }
  return claims;
}
