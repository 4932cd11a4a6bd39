/** `guardian discover` from outside. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '../../src/device/device.ts';
import { guardian } from './guardian.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-discover-'));
const home = path.join(folder, 'home.pcap');
let truth: { mac: string; kind: string; ip: string }[] = [];

beforeAll(async () => {
  const kinds = 'camera,tv,printer,sensor,speaker';
  const args = ['simulate', '--devices', kinds, '--hours', '0.5', '--seed', '5', '--json', '--out', home];
  truth = JSON.parse((await guardian(args)).stdout).devices;
});
afterAll(() => rmSync(folder, { recursive: true }));

const discover = async (...args: string[]) => {
  const { code, stdout } = await guardian(['discover', ...args, '--json']);
  expect(code).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { file?: string; files?: string[]; devices: Device[] });
};

describe('guardian discover', () => {
  it('lists the devices of a simulated home with address and kind, and its router', async () => {
    const [{ file, devices }] = await discover(home);
    expect(file).toBe(home);
    for (const { mac, kind, ip } of truth) {
      const device = devices.find((other) => other.mac === mac);
      expect(device).toMatchObject({ kind, online: true, gateway: false });
      expect(device?.ips).toContain(ip);
      expect(device?.first_seen).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    }
    expect(devices.filter(({ gateway }) => gateway)).toMatchObject([{ kind: 'router' }]);
    expect(devices).toHaveLength(truth.length + 1);
  });

  it('gives one line a file, or one inventory over all with --merge', async () => {
    const single = await discover(home, home);
    expect(single.map(({ devices }) => devices.length)).toEqual([truth.length + 1, truth.length + 1]);
    const [merged, ...rest] = await discover(home, home, '--merge');
    expect(rest).toEqual([]);
    expect(merged.files).toEqual([home, home]);
    const packets = (devices: Device[]): number => devices.reduce((sum, device) => sum + device.packets, 0);
    expect(packets(merged.devices)).toBe(2 * packets(single[0].devices));
  });

  it('prints a table for people', async () => {
    const { code, stdout } = await guardian(['discover', home]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^address +ip +vendor +name +kind +state +packets +because$/m);
    for (const { mac } of truth) expect(stdout).toContain(mac);
  });

  it('refuses logs, which do not tell devices apart, and goes on with the other files', async () => {
    const log = path.join(folder, 'conn.csv');
    writeFileSync(log, 'orig_pkts,resp_pkts,orig_bytes,resp_bytes\n1,1,1,1\n');
    const refused = await guardian(['discover', log]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/is a log of connections/);
    const both = await guardian(['discover', log, home, '--json']);
    expect(both.code).toBe(3);
    expect(JSON.parse(both.stdout).file).toBe(home);
  });
});
