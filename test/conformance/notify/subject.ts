/** Alerts for the tests. */
import type { Subject } from '../../../src/notify/message/subject.ts';

export const noon = Date.UTC(2026, 9, 16, 12, 0, 0);

let last = 0;

export const newSubject = (overrides: Partial<Subject> = {}): Subject => ({
  id: `alert-${++last}`,
  kind: 'scan',
  severity: 'High',
  confidence: 0.97,
  device: 'Hall camera',
  address: '02:00:00:00:00:01',
  ts: noon / 1000,
  end_ts: noon / 1000 + 40,
  sentence:
    'Hall camera tried 214 addresses on port 23 (telnet) in 40 seconds. In the last 14 days it used 3 addresses.',
  meaning: 'It may look for other devices to break into.',
  advice: ['Disconnect Hall camera.', 'Install its latest firmware.'],
  detector: 'fan-out',
  evidence: { addresses: 214, usual_addresses: 3 },
  uids: ['C1'],
  flows: 214,
  ...overrides,
});

/** A device name as an attacker would send it. */
export const hostileName =
  'cam\r\nBcc: a@evil.example\u001b[2J\u202e<script>alert(1)</script>{{constructor}}@everyone <!channel> *x*';
