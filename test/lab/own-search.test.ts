/** "Search the network" on a real interface with the real tool: Guardian knows itself, and does not accuse itself. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AlertList, DeviceList, Discovery, MonitorStatus } from '../../src/api/contract.ts';
import { makeDirectory, type Product, removeDirectory, startProduct } from '../e2e/product.ts';
import { until } from '../live.ts';
import { createLab, type Lab, noLab } from './lab.ts';

/** Connects to Telnet of address after address, from this machine: `node -e SWEEP ADDRESS…`. */
const SWEEP = `
  const net = require('node:net');
  for (const host of process.argv.slice(1)) net.connect({ host, port: 23 }).on('error', () => {});
  setTimeout(() => process.exit(), 4000);`;

describe.skipIf(noLab !== null)(`a search of the own network${noLab === null ? '' : ` (not here: ${noLab})`}`, () => {
  let lab: Lab;
  let product: Product;
  const directory = makeDirectory();

  const get = async <T>(path: string): Promise<T> => (await (await fetch(`${product.url}/api/v1/${path}`)).json()) as T;
  const search = async (): Promise<Discovery> => {
    const answer = await fetch(`${product.url}/api/v1/discovery`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as Discovery;
  };
  const scans = async () => (await get<AlertList>('alerts')).alerts.filter(({ kind }) => kind !== 'new-device');

  beforeAll(async () => {
    lab = createLab();
    const env = { GUARDIAN_MONITOR_LEARN_HOURS: '0' };
    product = await startProduct(directory, env, ['--interface', lab.interface]);
    await until(async () => (await get<MonitorStatus>('monitor')).state === 'watching', 20);
  });
  afterAll(async () => {
    await product.stop();
    lab.remove();
    removeDirectory(directory);
  });

  test('nmap asks 255 addresses, and nobody is accused', async () => {
    const { method } = await search();
    expect(['nmap', 'arp-scan']).toContain(method);
    // What the capture tool still holds, and what the kernel asks again, arrives within seconds.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect((await scans()).map(({ sentence }) => sentence)).toEqual([]);
  }, 60_000);

  test('this machine is known as what it is', async () => {
    // What has changed of a device is reported every ten seconds.
    const devices = await until(async () => {
      const { devices: found } = await get<DeviceList>('devices');
      return found.some(({ ips }) => ips.includes(lab.address)) && found;
    }, 20);
    const own = devices.filter(({ self }) => self);
    expect(own).toMatchObject([{ name: 'This machine (Guardian)', kind: 'computer' }]);
    expect(own[0].ips).toContain(lab.address);
    expect(devices.find(({ ips }) => ips.includes(lab.inside))).toMatchObject({ self: false });
  }, 30_000);

  test('what this machine does beyond its search is still told, also while it searches', async () => {
    const neighbours = Array.from({ length: 90 }, (_, i) => lab.inside.replace(/\d+$/, String(i + 10)));
    // Nobody is there, and the kernel is told where: what it sends then goes out.
    for (const [i, neighbour] of neighbours.entries()) {
      const mac = `02:00:00:00:02:${i.toString(16).padStart(2, '0')}`;
      lab.ip('neigh', 'add', neighbour, 'lladdr', mac, 'dev', lab.interface);
    }
    const searching = search();
    execFileSync(process.execPath, ['-e', SWEEP, ...neighbours]);
    await searching;
    const told = await until(async () => (await scans()).find(({ kind }) => kind === 'scan'), 20);
    expect(told.hosts).toEqual([lab.address]);
    expect(told.device).toBe(`This machine (Guardian, ${lab.address})`);
  }, 60_000);
});
