/** The sentence of each statistical gauge: value, unit, usual range, and when it was. */
import { describe, expect, it } from 'vitest';
import type { Deviation } from '../../detector/deviation.ts';
import type { FindingOf, StatisticalKind } from '../../detector/finding.ts';
import { Host } from '../../feature/host.ts';
import { fromEvidenceJson, toEvidenceJson } from '../evidence-json.ts';
import { wordsOf } from './index.ts';

const camera = new Host(1, '192.168.1.5', 'local');
/** 03:12 UTC. */
const SINCE = 11_520;
const context = { name: 'Camera', target: 'several devices', past: { seconds: 14 * 86_400, addresses: 3 } };

function sentence<Kind extends StatisticalKind>(
  kind: Kind,
  deviations: Deviation[],
  more: Partial<FindingOf<Kind>['evidence']> = {},
): string {
  const evidence = { once_in_seconds: 1e9, continues: 0, ...more };
  const what = { kind, detector: 'statistical', host: camera, target: null, ts: SINCE + 9, since: SINCE, strength: 0 };
  const { sentence } = wordsOf({ ...what, deviations, evidence } as unknown as FindingOf<Kind>, context);
  const rest = ' In the 14 days before, nothing was as unusual.';
  expect(sentence).toMatch(new RegExp(`${rest}$`));
  return sentence.slice(0, -rest.length);
}

const pause: Deviation = { feature: 'pause before the packet', value: 0.003, unit: 's', usual: [1, 300] };
const sent: Deviation = { feature: 'bytes sent', value: 1.4e9, unit: 'B', usual: [300, 2000] };
const begun: Deviation = { feature: 'connections begun', value: 2, unit: 'connections', usual: [1, 2] };
const port: Deviation = { feature: 'to_port', value: 22, share: 0 };

describe('sentences of the gauges', () => {
  it('packets', () => {
    expect(sentence('rhythm', [pause, begun], { to: '203.0.113.9' })).toBe(
      'Camera exchanges packets with 203.0.113.9 in an unusual rhythm at 03:12 UTC: pause before the packet 0.003 s, usually 1 s to 5 minutes.',
    );
  });

  it('connections: what is new or rare is named', () => {
    const deviations: Deviation[] = [port, { feature: 'service', value: 'ssh', share: 0 }, sent];
    expect(sentence('sequence', deviations, { to: '203.0.113.9' })).toBe(
      'Camera made a connection with 203.0.113.9 at 03:12 UTC that is unlike its usual ones: a service that it had never used (SSH (port 22)); bytes sent 1.4 GB, usually 300 B to 2 kB.',
    );
    const state: Deviation = { feature: 'conn_state', value: 'REJ', share: 0.01 };
    const sign: Deviation = { feature: 'break-off from the caller', value: 1, unit: '', usual: [0, 0] };
    expect(sentence('sequence', [state, sign])).toBe(
      'Camera made a connection at 03:12 UTC that is unlike its usual ones: an outcome that it rarely has (refused); a break-off from the caller, which is unusual.',
    );
    // What lies within the usual, or hardly beyond it, is no difference.
    const near: Deviation = { ...sent, value: 2100 };
    expect(sentence('sequence', [near, state])).toBe(
      'Camera made a connection at 03:12 UTC that is unlike its usual ones: an outcome that it rarely has (refused).',
    );
  });

  it('amounts, and the time of day as a cause', () => {
    const night: Deviation = { feature: 'time_of_day', value: SINCE, share: 0 };
    const day: Deviation = { feature: 'time_of_day', value: SINCE, share: 0.08 };
    expect(sentence('rate', [night, sent])).toBe(
      'Camera was active at 03:12 UTC, when it is usually silent: bytes sent 1.4 GB, usually 300 B to 2 kB.',
    );
    expect(sentence('rate', [sent, day], { compared_with: 'house' })).toBe(
      'Camera sends and receives unusual amounts in the ten minutes until 03:12 UTC: bytes sent 1.4 GB, usual in this house is 300 B to 2 kB.',
    );
  });

  it('forecaster', () => {
    expect(sentence('rhythm', [pause], { faster: 40, seconds: 20 })).toBe(
      'Camera sends packets 40 times faster than predicted for the last 20 seconds at 03:12 UTC: pause before the packet 0.003 s, usually 1 s to 5 minutes.',
    );
    expect(sentence('rhythm', [begun], { faster: 40, seconds: 20 })).toBe(
      'Camera sends packets 40 times faster than predicted for the last 20 seconds at 03:12 UTC.',
    );
  });

  it('autoencoder', () => {
    const steps = { first: 4, last: 9, of: 10, from_ts: SINCE, to_ts: SINCE + 120 };
    expect(sentence('sequence', [sent], steps)).toBe(
      'Camera makes connections in an order never seen (connections 4 to 9 of 10, from 03:12 to 03:14 UTC): bytes sent 1.4 GB, usually 300 B to 2 kB.',
    );
  });

  it('names one window of what is measured over several', () => {
    const windows = [10, 100].map(
      (window): Deviation => ({ ...begun, value: 40, feature: `connections in the last ${window} s` }),
    );
    expect(sentence('rhythm', windows)).toMatch(/: connections in the last 10 s 40, usually 1 to 2\.$/);
  });
});

it('what stands out survives being written down', () => {
  const deviations = [port, sent, { feature: 'x', value: 1, unit: '', usual: null }];
  const evidence = { once_in_seconds: 1e9, continues: 0, to: '203.0.113.9' } as const;
  expect(fromEvidenceJson(toEvidenceJson({ deviations, evidence }))).toEqual({ deviations, evidence });
});
