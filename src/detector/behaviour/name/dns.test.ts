import { describe, expect, it } from 'vitest';
import { Host } from '../../../feature/host.ts';
import { Channel, Link } from '../../../feature/link.ts';
import type { Step } from '../../../feature/link-tracker.ts';
import { Packet, PROTO_UDP } from '../../../packet/packet.ts';
import type { Finding } from '../../finding.ts';
import type { Context } from '../behaviour.ts';
import { createDns } from './dns.ts';

const plug = new Host(1, '192.168.1.5', 'local');
const router = new Host(2, '192.168.1.1', 'local');

function ask(name: string, ts: number): Packet {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  const packet = new Packet();
  packet.bytes = Uint8Array.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 16, 0, 1]);
  packet.payloadOffset = 0;
  packet.payloadCaptured = packet.payloadLength = packet.bytes.length;
  packet.proto = PROTO_UDP;
  packet.ts = ts;
  return packet;
}

/** A name that no person chose, another one for every number. */
const made = (i: number): string => `${(i * 7_919_317 + 104_729).toString(36)}qzx7v${i % 10}kq`;

function run(names: readonly { name: string; ts: number }[], learning = false): Finding[] {
  const findings: Finding[] = [];
  const rule = createDns();
  const step = { link: new Link(new Channel(plug, router, PROTO_UDP, 53), 40_000, 0), direction: 0 } as Step;
  for (const { name, ts } of names) {
    const context = { ts, learning, hasPast: !learning, report: (finding: Finding) => findings.push(finding) };
    rule.packet!(ask(name, ts), step, context as unknown as Context);
  }
  return findings;
}

describe('names asked for by the clock', () => {
  const every10 = (name: (i: number) => string) =>
    Array.from({ length: 40 }, (_, i) => ({ name: name(i), ts: 1000 + 10 * i }));

  it('are a call for orders when each is new, also while learning', () => {
    for (const learning of [false, true]) {
      const [first] = run(
        every10((i) => `${made(i)}.orders.example`),
        learning,
      );
      expect(first).toMatchObject({ kind: 'dns-tunnel', evidence: { domain: 'orders.example', period: 10 } });
      expect(first.ts - 1000).toBeLessThanOrEqual(160);
    }
  });

  it('are ordinary when it is the same name again, or a name that somebody chose', () => {
    expect(run(every10(() => `${made(1)}.cloud.example`))).toEqual([]);
    const chosen = ['weather', 'news', 'music', 'update', 'status', 'metrics', 'images', 'static', 'camera', 'events'];
    expect(run(every10((i) => `${chosen[i % 10]}${chosen[(i * 3 + 1) % 10]}.cloud.example`))).toEqual([]);
  });

  it('are no clock when they come as people click', () => {
    const clicks = Array.from({ length: 60 }, (_, i) => ({
      name: `${made(i)}.cdn.example`,
      ts: 1000 + 7 * i * (i % 5),
    }));
    expect(run(clicks.toSorted((a, b) => a.ts - b.ts)).filter(({ evidence }) => 'period' in evidence)).toEqual([]);
  });
});
