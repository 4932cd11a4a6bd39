import { describe, expect, it } from 'vitest';
import type { Alert } from '../alert/alert.ts';
import { judgeAlerts } from './episodes.ts';
import { kindOf } from './packets.ts';
import type { Frame } from './traffic.ts';
import { type Truth, truthOf } from './truth.ts';

const truth: Truth = {
  file: 'a/scan_01.pcap',
  onset: 100,
  end: 200,
  kinds: new Set(['scan']),
  hosts: new Set(['10.0.0.1']),
};
const frames: Frame[] = [{ ts: 50, bytes: new Uint8Array(0), origlen: 0, linktype: 1 }];
const alert = (over: Partial<Alert>): Alert => ({
  ...{
    kind: 'scan',
    severity: 'High',
    confidence: 1,
    device: '',
    address: '',
    hosts: ['10.0.0.1'],
    ts: 110,
    end_ts: 120,
    raised_ts: 112,
  },
  ...{ sentence: '', meaning: '', advice: [], detector: '', evidence: {}, uids: [], flows: 0 },
  ...over,
});

describe('episodes', () => {
  it('counts an alert of the attack as noticed, named and so many seconds late', () => {
    expect(judgeAlerts('x', [alert({})], frames, truth)).toMatchObject({
      noticed: true,
      named: true,
      delay_seconds: 12,
      false_alerts: 0,
    });
  });

  it('does not take a new device for noticing, nor for false', () => {
    expect(judgeAlerts('x', [alert({ kind: 'new-device' })], frames, truth)).toMatchObject({
      noticed: false,
      false_alerts: 0,
    });
  });

  it('calls alerts outside the time or about others false', () => {
    const others = [alert({ raised_ts: 99 }), alert({ raised_ts: 261 }), alert({ hosts: ['10.0.0.9'] })];
    expect(judgeAlerts('x', others, frames, truth)).toMatchObject({ noticed: false, false_alerts: 3 });
  });

  it('tells the first name from a right name that comes later', () => {
    const both = [alert({ kind: 'flood', raised_ts: 105 }), alert({ raised_ts: 130 })];
    expect(judgeAlerts('x', both, frames, truth)).toMatchObject({
      named: true,
      named_first: false,
      kind: 'flood',
      delay_seconds: 5,
    });
  });

  it('counts every alert in a benign capture as false', () => {
    expect(judgeAlerts('x', [alert({})], frames)).toMatchObject({ noticed: null, named: null, false_alerts: 1 });
  });

  it('finds the row of a capture by the end of its path', () => {
    expect(truthOf([truth], '/data/a/scan_01.pcap')).toBe(truth);
    expect(truthOf([truth], '/data/b/scan_02.pcap')).toBeUndefined();
  });
});

describe('kindOf', () => {
  it.each([
    ['round/bruteforce_ref03.pcap', 'bruteforce'],
    ['flood_01.pcap', 'flood'],
    ['dos_flood_ref01.pcap', 'flood'],
    ['slow_dos_ref04.pcap', 'slow_dos'],
    ['mqtt_abuse_02.pcap', 'mqtt_abuse'],
  ])('%s is %s', (file, kind) => {
    expect(kindOf(file)).toBe(kind);
  });
});
