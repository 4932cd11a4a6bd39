import { describe, expect, test } from 'vitest';
import type { Alert } from '../../alert/alert.ts';
import type { Device } from '../../device/device.ts';
import type { Conn } from '../../flow/conn.ts';
import type { Batch } from '../protocol.ts';
import { OutgoingBatch } from './outgoing-batch.ts';

function create() {
  const sent: Batch[] = [];
  return { sent, mailbox: new OutgoingBatch((batch) => sent.push(batch)) };
}
const alert = (id: string, flows: number): Batch['alerts'][number] => ({ alert: { id, flows } as Alert, mac: null });
const second = (ts: number, packets = 1, strangeness: number | null = null) => ({
  ...{ ts, packets, bytes: 10 * packets, strangeness, connections: 0, contacts: 0 },
  devices: [{ mac: 'a', packets, bytes: 10 * packets, strangeness, connections: 0, contacts: 0 }],
});

describe('what waits for a thread that is busy', () => {
  test('is one of each: the newest', () => {
    const { sent, mailbox } = create();
    mailbox.alert(alert('one', 1));
    mailbox.alert(alert('two', 1));
    mailbox.alert(alert('one', 5));
    const report = { device: { mac: 'a', packets: 1 } as Device, learning: true, learned_seconds: 0 };
    mailbox.device({ ...report, event: 'found' });
    mailbox.device({ ...report, event: 'offline', device: { ...report.device, packets: 2 } });
    mailbox.gap({ from: 1, to: null, reason: 'x' });
    mailbox.gap({ from: 1, to: 2, reason: 'x' });
    mailbox.flush();
    mailbox.flush();
    expect(sent).toHaveLength(1);
    expect(sent[0].alerts.map(({ alert: { id, flows } }) => [id, flows])).toEqual([
      ['one', 5],
      ['two', 1],
    ]);
    // That it is new must not be lost.
    expect(sent[0].devices).toMatchObject([{ event: 'found', device: { packets: 2 } }]);
    expect(sent[0].gaps).toEqual([{ from: 1, to: 2, reason: 'x' }]);
  });

  test('is held back once four batches are on their way, and goes on when they are taken', () => {
    const { sent, mailbox } = create();
    for (let i = 0; i < 10; i++) {
      mailbox.second(second(i));
      mailbox.flush();
    }
    expect(sent.map(({ traffic }) => traffic.length)).toEqual([1, 1, 1, 1]);
    mailbox.take(2);
    mailbox.flush();
    expect(sent[4].traffic.map(({ ts }) => ts)).toEqual([4, 5, 6, 7, 8, 9]);
  });

  test('is bounded: seconds join and lose nothing, connections are counted', () => {
    const { sent, mailbox } = create();
    for (let i = 0; i < 1000; i++) mailbox.second(second(i, 2, i % 7));
    for (let i = 0; i < 2500; i++) mailbox.flow({ episode: 'e', conn: {} as Conn });
    mailbox.flush();
    const [{ traffic, flows, lost }] = sent;
    expect(traffic).toHaveLength(600);
    expect(traffic.reduce((sum, { packets }) => sum + packets, 0)).toBe(2000);
    expect(traffic.at(-1)).toMatchObject({ strangeness: 6, devices: [{ mac: 'a', packets: 802 }] });
    expect([flows.length, lost]).toEqual([2000, 500]);
  });
});
