import { describe, expect, it } from 'vitest';
import type { FindingKind, FindingOf } from '../../detector/finding.ts';
import { Host } from '../../feature/host.ts';
import { wordsOf } from './index.ts';

const camera = new Host(1, '192.168.1.5', 'local');
const stranger = new Host(2, '203.0.113.9', 'external');
const context = { name: 'Hall camera', target: '203.0.113.9', past: { seconds: 14 * 86_400, addresses: 3 } };

const finding = <Kind extends FindingKind>(kind: Kind, evidence: FindingOf<Kind>['evidence']): FindingOf<Kind> =>
  ({
    ...{ kind, detector: kind, host: camera, target: stranger, ts: 1000, since: 960, strength: 0, evidence },
  }) as unknown as FindingOf<Kind>;

describe('words', () => {
  it('counts ports where several were tried on several addresses', () => {
    const scan = finding('scan', { addresses: 4, ports: 32, port: 22, failed: 30, seconds: 13, proto: 'tcp' });
    expect(wordsOf(scan, context).sentence).toBe(
      'Hall camera tried 32 ports of 4 addresses in 13 seconds; at least 30 attempts failed. In the 14 days before, it contacted 3 addresses.',
    );
  });

  it('says what a flood is made of', () => {
    const pings = finding('flood', { packets: 400, seconds: 1, usual: 0, unit: 'packets', port: 8, proto: 'ping' });
    expect(wordsOf(pings, context).sentence).toMatch(/^Hall camera sent 400 pings to 203\.0\.113\.9 in 1 second\. /);
    const calls = { connections: 182, seconds: 10, usual: 3, unit: 'connections', port: 80, proto: 'service' } as const;
    expect(wordsOf(finding('flood', calls), context).sentence).toBe(
      'Hall camera asked for 182 connections to 203.0.113.9, web (port 80), in 10 seconds. Usual is at most 3 connections in 10 seconds.',
    );
  });

  it('says what is new to a device, and how rarely anything is', () => {
    const evidence = { hours: 1440, new_per_week: 0.233 };
    expect(wordsOf(finding('new-destination', { ...evidence, place: 'example.org' }), context).sentence).toBe(
      'Hall camera talked to 203.0.113.9 (example.org) at 00:16 UTC, a place that it had never contacted. In the 1,440 hours before in which it was active, something was new to it less than once in 30 days.',
    );
    expect(wordsOf(finding('new-destination', { ...evidence, port: 22 }), context).sentence).toMatch(
      /^Hall camera used SSH \(port 22\) of 203\.0\.113\.9 at 00:16 UTC, a service that it had never used\. /,
    );
  });

  it('compares with the past of the device, and of the device with this other end', () => {
    const clock = { period: 60, jitter: 3, times: 12, port: 443, bytes: 9, answered: 1, acquaintance: 'bare' } as const;
    const beacon = finding('beacon', clock);
    const said = (past: typeof context.past & { met?: boolean }) => wordsOf(beacon, { ...context, past });
    expect(said({ seconds: 86_400, addresses: 3, met: true }).sentence).toMatch(
      /In the 24 hours before, it never did so\.$/,
    );
    expect(said({ seconds: 86_400, addresses: 3, met: false }).sentence).toMatch(
      /it never talked to 203\.0\.113\.9\.$/,
    );
    expect(said({ seconds: 0, addresses: 0 }).sentence).toMatch(
      /Guardian has not watched it long enough to compare\.$/,
    );
    expect(said({ seconds: 0, addresses: 0 }).meaning).toContain('nobody here has looked up a name');
  });
});
