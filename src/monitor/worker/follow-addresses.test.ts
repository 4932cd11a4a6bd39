import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HandSource } from '../../../test/capture/hand-source.ts';
import { Endpoint4, Script } from '../../../test/capture/tcp-script.ts';
import type { DhcpMessage } from '../../packet/layers/application/dhcp.ts';
import type { MonitorEvent } from '../monitor-event.ts';
import { Monitor } from './monitor.ts';

const LEARN = 600;
const server = new Endpoint4('203.0.113.9', 443);
const phone = new Endpoint4('192.168.1.7', 40_000);
const at = (address: string, device = phone) =>
  Object.assign(new Endpoint4(address, 40_000), { mac: device.mac }) as Endpoint4;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A monitor that has learned the phone for ten minutes, and what has happened since. */
async function learned() {
  const source = new HandSource();
  const events: MonitorEvent[] = [];
  const monitor = new Monitor({
    source,
    learnSeconds: LEARN,
    onEvent: (event) => events.push(event),
    onTrouble: (error) => expect.fail(error.message),
  });
  await monitor.start();
  let pause = 1;
  /** Short conversations of each, some seconds apart and by no clock, and the ticks of the monitor between. */
  const live = (until: number, ...devices: Endpoint4[]) => {
    for (let ts = source.passed + 1; ts < until; ts += pause) {
      pause = (pause * 2) % 29;
      for (const device of devices) {
        const own = new Endpoint4(device.address, 40_000 + Math.floor(ts));
        const script = new Script(Object.assign(own, { mac: device.mac }), server).syn(ts).synAck(ts + 0.01);
        source.give(
          script
            .orig(ts + 0.02, 'A')
            .orig(ts + 0.03, 'PA', 100)
            .resp(ts + 0.1, 'PA', 100),
        );
      }
      source.passed = Math.max(source.passed, ts);
      vi.advanceTimersByTime(1000);
    }
  };
  live(LEARN + 10, phone);
  expect(monitor.watch.engine.learning).toBe(false);
  const past = () =>
    Object.fromEntries(monitor.watch.engine.devices().map(({ address, ...progress }) => [address, progress]));
  const alerts = () => events.filter((event) => event.type === 'alert').map(({ kind }) => kind);
  expect(alerts()).toEqual([]);
  return { source, monitor, live, past, alerts };
}

describe('a device that has been learned', () => {
  test('is known under the address that it has next, and under the one that it comes back to', async () => {
    const { monitor, live, past, alerts } = await learned();
    live(LEARN + 200, at('192.168.1.8'));
    expect(past()).toEqual({
      '192.168.1.8': { seconds: expect.any(Number), points: expect.any(Number), isWarmingUp: false },
    });
    expect(past()['192.168.1.8'].seconds).toBeGreaterThan(LEARN - 20);
    live(LEARN + 400, phone);
    expect(past()).toEqual({ [phone.address]: expect.objectContaining({ isWarmingUp: false }) });
    expect(alerts()).toEqual([]);
    await monitor.stop();
  });

  test('is known from the first word where a lease says who it is', async () => {
    const { source, monitor, live, past, alerts } = await learned();
    const message: DhcpMessage = {
      ...{ isRequest: false, messageType: 5, transactionId: 1, clientMac: phone.macText, clientAddress: null },
      ...{ yourAddress: '192.168.1.8', requestedAddress: null, serverId: null, hostName: null, vendorClass: null },
      ...{ clientId: null, parameterRequestList: [], leaseSeconds: 3600, routers: [], nameServers: [] },
    };
    monitor.inventory.app({ kind: 'dhcp', ts: source.clock.now() / 1000, mac: server.macText, address: '', message });
    vi.advanceTimersByTime(1000);
    expect(Object.keys(past())).toEqual(['192.168.1.8']);
    const { points } = past()['192.168.1.8'];
    live(LEARN + 50, at('192.168.1.8'));
    // It does not warm up: nothing more is taken for granted.
    expect(past()['192.168.1.8']).toMatchObject({ points, isWarmingUp: false });
    expect(alerts()).toEqual([]);
    await monitor.stop();
  });

  test('takes its past along when another device has its address meanwhile', async () => {
    const { monitor, live, past } = await learned();
    const guest = new Endpoint4('192.168.1.99', 40_000);
    live(LEARN + 200, at(phone.address, guest));
    expect(past()[phone.address]).toMatchObject({ isWarmingUp: true });
    live(LEARN + 400, at('192.168.1.8'), at(phone.address, guest));
    expect(past()['192.168.1.8']).toMatchObject({ isWarmingUp: false });
    expect(past()['192.168.1.8'].seconds).toBeGreaterThan(LEARN - 20);
    expect(past()[phone.address]).toMatchObject({ isWarmingUp: true });
    await monitor.stop();
  });

  test('has two pasts while it uses two addresses side by side', async () => {
    const { monitor, live, past } = await learned();
    live(LEARN + 200, phone, at('192.168.1.8'));
    expect(past()).toMatchObject({ [phone.address]: { isWarmingUp: false }, '192.168.1.8': { isWarmingUp: true } });
    await monitor.stop();
  });

  test('is known under a new link-layer address as soon as the owner says that it is the same', async () => {
    const { monitor, live, past } = await learned();
    const again = new Endpoint4('192.168.1.50', 40_000);
    live(LEARN + 200, again);
    expect(past()[again.address]).toMatchObject({ isWarmingUp: true });
    expect(monitor.merge(again.macText, phone.macText)).toBe(true);
    expect(Object.keys(past())).toEqual([again.address]);
    expect(past()[again.address]).toMatchObject({ isWarmingUp: false });
    expect(past()[again.address].seconds).toBeGreaterThan(LEARN);
    await monitor.stop();
  });

  test('is forgotten wherever its past is kept', async () => {
    const { monitor, live, past } = await learned();
    const guest = new Endpoint4('192.168.1.99', 40_000);
    live(LEARN + 200, at(phone.address, guest));
    monitor.forget(phone.macText, []);
    live(LEARN + 400, at('192.168.1.8'));
    expect(past()['192.168.1.8']).toMatchObject({ isWarmingUp: true });
    await monitor.stop();
  });
});
