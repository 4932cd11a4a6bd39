import { describe, expect, test, vi } from 'vitest';
import { HandSource, START } from '../../../test/capture/hand-source.ts';
import { Endpoint4, Script } from '../../../test/capture/tcp-script.ts';
import type { MonitorEvent } from '../monitor-event.ts';
import type { TrafficSecond } from '../traffic-second.ts';
import { Monitor } from './monitor.ts';
import type { MonitorOptions } from './monitor-options.ts';

async function watch(options: Partial<MonitorOptions> = {}, source = new HandSource()) {
  const events: MonitorEvent[] = [];
  const monitor = new Monitor({
    source,
    learnSeconds: 0,
    onEvent: (event) => events.push(event),
    onTrouble: (error) => expect.fail(error.message),
    ...options,
  });
  await monitor.start();
  const of = <T extends MonitorEvent['type']>(type: T) =>
    events.filter((event): event is Extract<MonitorEvent, { type: T }> => event.type === type);
  return { source, monitor, of };
}

const client = new Endpoint4('192.168.1.7', 40_000);
const server = new Endpoint4('203.0.113.9', 443);

describe('what goes on for long', () => {
  test('a connection that never ends is scored, and called out, while it is open', async () => {
    const scores: TrafficSecond[] = [];
    const { source, monitor, of } = await watch({ onSecond: (second) => scores.push(second) });
    source.give(new Script(client, server).syn(0).synAck(0.01).orig(0.02, 'A'));
    const upload = new Script(client, server);
    for (let i = 0; i < 200; i++) upload.orig(1 + i / 100, 'A', 30_000);
    for (let round = 0; of('alert').length === 0 && round < 50; round++) source.give(upload.copy());
    const [alert] = of('alert');
    expect(alert).toMatchObject({ address: client.macText });
    // A connection without TLS on its port to an address without a name stands out by its signs before its bytes do.
    expect(['exfiltration', 'remote-control']).toContain(alert.kind);
    expect(monitor.stats().connections).toBe(0);
    await monitor.stop();
    expect(monitor.stats().connections).toBe(1);
  });
});

describe('a clock that is set', () => {
  test.each([
    ['an hour forward', 3600],
    ['an hour back', -3600],
    ['from 1970 to now', START],
  ])('%s: it is noted once, nothing has a negative length, nobody was away', async (_name, step) => {
    const source = new HandSource();
    if (step === START) source.set = -START;
    const { monitor, of } = await watch({}, source);
    const conn = vi.spyOn(monitor.watch, 'conn');
    const script = (at: number) =>
      new Script(client, server)
        .syn(at)
        .synAck(at + 0.01)
        .orig(at + 0.02, 'A')
        .orig(at + 1, 'PA', 10);
    source.give(script(0));
    source.set += step;
    source.give(script(3));
    source.give(script(6));
    await monitor.stop();
    expect(of('gap').map(({ reason }) => reason)).toEqual([expect.stringMatching(/^clock_step: /)]);
    const durations = conn.mock.calls.map(([{ duration }]) => duration ?? 0);
    expect(durations.length).toBeGreaterThan(0);
    expect(Math.min(...durations)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...durations)).toBeLessThan(60);
    expect(of('device').filter(({ event }) => event === 'offline')).toEqual([]);
  });

  test('one that drifts by milliseconds is no clock that was set', async () => {
    const { source, monitor, of } = await watch();
    for (let at = 0; at < 10; at++) {
      source.give(new Script(client, server).syn(6 * at));
      source.set += 0.4;
    }
    await monitor.stop();
    expect(of('gap')).toEqual([]);
  });
});

test('traffic is told by the second, with the devices that spoke', async () => {
  const seconds: TrafficSecond[] = [];
  const { source, monitor } = await watch({ onSecond: (second) => seconds.push(second) });
  source.give(new Script(client, server).syn(0.1).synAck(0.2).orig(0.3, 'A').orig(2.5, 'PA', 100).resp(3.5, 'A'));
  expect(seconds.map(({ ts, packets }) => [ts - START, packets])).toEqual([
    [0, 3],
    [2, 1],
  ]);
  expect(seconds[0].devices.find(({ mac }) => mac === client.macText)).toMatchObject({ packets: 3 });
  expect(seconds[0].bytes).toBe(seconds[0].devices.find(({ mac }) => mac === client.macText)!.bytes);
  await monitor.stop();
});

test('a device that is not monitored raises nothing', async () => {
  const isMonitored = () => true;
  const scan = () => {
    const frames = Array.from(
      { length: 300 },
      (_, i) => new Script(client, new Endpoint4(`192.168.1.${1 + (i % 200)}`, 1 + i), 7 * i).syn(10 + i / 50).frames,
    ).flat();
    return { frames };
  };
  const heard = await watch({ owner: { isMonitored } });
  heard.source.give(scan());
  expect(heard.of('alert')[0]).toMatchObject({ kind: 'scan' });
  await heard.monitor.stop();
  const silent = await watch({ owner: { isMonitored: () => false } });
  silent.source.give(scan());
  await silent.monitor.stop();
  expect(silent.of('alert')).toEqual([]);
});
