import { expect, test } from 'vitest';
import type { Conn } from '../flow/conn.ts';
import { unsetConn } from '../source/column/conn-fields.ts';
import { createInventory } from './inventory.ts';
import { ConnDevices } from './observe-conn.ts';

const CAMERA = '02:17:88:0a:0b:0c';
const ROUTER = '02:aa:bb:cc:dd:ee';
const conn = (changes: Partial<Conn>): Conn => ({ ...unsetConn('C'), ts: 1_772_470_800, ...changes });

test('devices of records: who sent, not whom the router forwards for', () => {
  const inventory = createInventory({});
  const devices = new ConnDevices(inventory);
  const out = { orig_l2_addr: CAMERA, id_orig_h: '192.168.1.7', resp_l2_addr: ROUTER, id_resp_h: '198.51.100.4' };
  expect(devices.conn(conn(out))).toBe(true);
  // Another subnet, behind the router.
  devices.conn(conn({ ...out, id_resp_h: '192.168.9.9' }));
  devices.conn(conn({ ...out, resp_l2_addr: '01:00:5e:00:00:fb', id_resp_h: '224.0.0.251' }));
  devices.conn(conn({ ...out, orig_l2_addr: 'rubbish', id_orig_h: '192.168.1.8' }));
  devices.conn(conn({ ...out, ts: null, orig_l2_addr: '02:00:00:00:00:01' }));
  expect(inventory.devices().map(({ mac, ips }) => [mac, ips])).toEqual([[CAMERA, ['192.168.1.7']]]);
  expect(inventory.ownerOf('192.168.1.7')).toBe(CAMERA);
});
