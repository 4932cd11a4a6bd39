/** `guardian serve --interface` on a real interface: it survives being killed, and is not confused by it. */
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlertList, DeviceList, MonitorStatus } from '../../src/api/contract.ts';
import { makeDirectory, type Product, removeDirectory, startProduct } from '../e2e/product.ts';
import { until } from '../live.ts';
import { describeWith } from '../needs.ts';
import { createLab, type Lab, noLab, SCAN } from './lab.ts';

describeWith(noLab, 'guardian serve --interface', () => {
  let lab: Lab;
  let directory: string;
  let product: Product | null;

  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${product!.url}/api/v1/${path}`)).json()) as T;
  const start = async (...flags: string[]): Promise<void> => {
    product = await startProduct(directory, { GUARDIAN_MONITOR_LEARN_HOURS: '0' }, flags);
  };
  const watches = () => until(async () => (await get<MonitorStatus>('monitor')).state === 'watching', 20);
  const scan = () => lab.run(process.execPath, '-e', SCAN, lab.address, '300');
  const alerts = async () => (await get<AlertList>('alerts')).alerts;

  beforeEach(() => {
    product = null;
    directory = makeDirectory();
    lab = createLab();
  });
  afterEach(async () => {
    await product?.stop();
    lab.remove();
    removeDirectory(directory);
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'an alert that goes on over a %s is the same alert, told once, and the devices are known',
    async (signal) => {
      await start('--interface', lab.interface);
      await watches();
      await scan();
      // As bad as it gets: what becomes worse is told again.
      const raised = await until(async () => (await alerts()).find(({ severity }) => severity === 'Critical'), 25);
      expect(raised).toMatchObject({ kind: 'scan', status: 'open' });
      await until(() => product!.errors().includes('[ALERT]'), 5);
      const devices = await until(async () => {
        const { devices: found } = await get<DeviceList>('devices');
        return found.length > 0 && found;
      }, 10);
      await fetch(`${product!.url}/api/v1/devices/${raised.mac}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: '{"name":"Hall plug"}',
      });
      product!.child.kill(signal);
      await once(product!.child, 'exit');

      await start('--interface', lab.interface);
      await watches();
      await scan();
      await until(async () => (await alerts())[0].updated_ts > raised.updated_ts, 20);
      expect((await alerts()).map(({ id }) => id)).toEqual([raised.id]);
      expect(product!.errors()).not.toContain('[ALERT]');
      const { gaps } = await get<MonitorStatus>('monitor');
      expect(gaps).toMatchObject([{ reason: 'Guardian did not run' }]);
      expect(gaps[0].to! - gaps[0].from).toBeGreaterThan(0);
      const { devices: after } = await get<DeviceList>('devices');
      expect(after.map(({ mac }) => mac)).toEqual(expect.arrayContaining(devices.map(({ mac }) => mac)));
      const named = after.find(({ mac }) => mac === raised.mac)!;
      expect(named).toMatchObject({ name: 'Hall plug', open_alerts: 1 });
      expect(named.first_seen).toBeLessThan(raised.raised_ts + 1);
    },
    60_000,
  );

  test('an interface is chosen, left and taken up again after a restart; one that does not exist is refused', async () => {
    await start();
    expect(await get('monitor')).toMatchObject({ state: 'off', sentence: 'Nothing is being watched.', source: null });
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      const answer = await fetch(`${product!.url}/api/v1/${path}`, init);
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const { interfaces } = await get<{ interfaces: { name: string; up: boolean; addresses: string[] }[] }>(
      'interfaces',
    );
    expect(interfaces).toContainEqual(
      expect.objectContaining({ name: lab.interface, addresses: expect.arrayContaining([lab.address]) }),
    );
    expect((await post('monitor/start', { interface: 'none0' })).body.code).toBe('no_such_interface');
    expect((await post('monitor/start', { interface: lab.interface })).body.source).toBe(lab.interface);
    await watches();
    const found = await post('discovery', {});
    expect(found).toMatchObject({ status: 200, body: { method: expect.any(String), answered: expect.any(Number) } });
    await expect
      .poll(async () => (await get<DeviceList>('devices')).devices.flatMap(({ ips }) => ips), { timeout: 15_000 })
      .toContain(lab.inside);
    await product!.stop();
    await start();
    await watches();
    expect((await post('monitor/stop', {})).body).toMatchObject({ state: 'off', source: null });
    await product!.stop();
    await start();
    expect(await get('monitor')).toMatchObject({ state: 'off' });
  }, 60_000);
});
