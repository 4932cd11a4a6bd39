import { expect, test } from 'vitest';
import type { Inventory } from '../../device/inventory.ts';
import type { Conn } from '../../flow/conn.ts';
import { TrafficMeter } from './traffic-meter.ts';

const SELF = 'aa:aa:aa:aa:aa:aa';
const owners: Record<string, string> = { '192.168.1.2': SELF, '192.168.1.7': 'b', '192.168.1.8': 'c' };
/** An inventory as the meter asks it: who has an address, and how much was counted. */
function home() {
  const counted = new Map([SELF, 'b', 'c'].map((mac) => [mac, { mac, packets: 0, bytes: 0 }]));
  const inventory = { ownerOf: (ip: string) => owners[ip] ?? null, totals: () => counted.values(), size: 3 };
  const meter = new TrafficMeter(inventory as unknown as Inventory, new Set([SELF]));
  meter.begin();
  return {
    meter,
    packet(ts: number, mac: string) {
      const over = meter.packet(ts, 100);
      const total = counted.get(mac)!;
      counted.set(mac, { mac, packets: total.packets + 1, bytes: total.bytes + 100 });
      return over;
    },
  };
}
const conn = (from: string, to: string) => ({ id_orig_h: from, id_resp_h: to }) as Conn;

test('counts connections, and each other end once a minute', () => {
  const { meter, packet } = home();
  packet(60, 'b');
  for (const to of ['203.0.113.1', '203.0.113.1', '203.0.113.2']) meter.conn(conn('192.168.1.7', to));
  expect(packet(61, 'b')).toMatchObject({
    connections: 3,
    contacts: 2,
    devices: [{ mac: 'b', connections: 3, contacts: 2 }],
  });
  meter.conn(conn('192.168.1.7', '203.0.113.2'));
  expect(packet(62, 'b')).toMatchObject({ connections: 1, contacts: 0 });
  // What ends while its device says nothing is counted for it as well.
  expect(packet(120, 'c')).toMatchObject({ connections: 0 });
  meter.conn(conn('192.168.1.7', '203.0.113.2'));
  const later = packet(121, 'c');
  expect(later!.devices.find(({ mac }) => mac === 'b')).toMatchObject({ packets: 0, connections: 1, contacts: 1 });
});

test('hears a device only where it talks to another than this machine, and not to all', () => {
  const { meter } = home();
  meter.conn(conn('192.168.1.7', '192.168.1.2'));
  meter.conn(conn('192.168.1.8', '239.255.255.250'));
  meter.conn(conn('192.168.1.8', '192.168.1.255'));
  expect(meter.heard).toBe(0);
  meter.conn(conn('192.168.1.7', '203.0.113.1'));
  expect(meter.heard).toBe(1);
  meter.conn(conn('192.168.1.7', '192.168.1.8'));
  expect(meter.heard).toBe(2);
  meter.forget('c');
  expect(meter.heard).toBe(1);
});
