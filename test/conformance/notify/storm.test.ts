import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertKinds } from '../../../src/alert/alert.ts';
import { until } from './manual-clock.ts';
import { createTestBench, type TestBench } from './notifier-harness.ts';
import { newSubject } from './subject.ts';

let bench: TestBench;
beforeEach(async () => {
  bench = await createTestBench();
});
afterEach(() => bench.close());

test('10,000 alerts in a minute: the first of each kind at once, the rest in one message, nothing grows without end', async () => {
  const good = await bench.receiver('good');
  const hanging = await bench.receiver('hanging', 'hang');
  const notifier = await bench.start({
    channels: [good.settings, hanging.settings],
    rules: [{ name: 'all', minSeverity: 'Low' }],
    storm: { messages: 5, windowMinutes: 10 },
  });
  const total = 10_000;
  const pending: Promise<unknown>[] = [];
  for (let i = 0; i < total; i++) {
    const kind = alertKinds[Math.floor((i / total) * alertKinds.length)];
    pending.push(
      notifier.notify(
        newSubject({ kind, device: `Device ${i % 250}`, address: `10.0.${i % 250}.1`, severity: 'Medium' }),
      ),
    );
    if (i % 100 === 99) {
      await Promise.all(pending.splice(0));
      await bench.clock.advance(600);
    }
  }
  // Five by the limit (of the first kind), then one for each further kind.
  const atOnce = 5 + alertKinds.length - 1;
  await until(() => good.sink.received.length === atOnce, 'the first of each kind');
  expect(notifier.status()).toMatchObject([{ held: total - atOnce }, { held: total - atOnce }]);
  await bench.clock.advance(9 * 60_000);
  await until(() => good.sink.received.length === atOnce + 1, 'the rest in one');
  const kinds = new Set(
    good
      .bodies()
      .slice(0, -1)
      .map((body) => (body.data as unknown as { alert: { kind: string } }).alert.kind),
  );
  expect(kinds.size).toBe(alertKinds.length);
  expect(good.bodies().at(-1)!.data).toMatchObject({
    title: `Many alerts at once: ${total - atOnce} alerts`,
    count: total - atOnce,
  });
  expect(good.sink.received.at(-1)!.body.length).toBeLessThan(200_000);
  expect(notifier.status()[1].waiting).toBe(atOnce + 1);

  await notifier.stop();
  const { deliveries, held, decisions } = await bench.store.outbox.load({ decisions: 50_000 });
  expect([deliveries.length, held.length, decisions.length]).toEqual([atOnce + 1, 0, total]);
});

test('in a storm, what is worse than all of its kind before still comes at once', async () => {
  const good = await bench.receiver('good');
  const notifier = await bench.start({ channels: [good.settings], storm: { messages: 2 } });
  for (const severity of ['Medium', 'Medium', 'Medium', 'High', 'High', 'Critical'] as const) {
    await notifier.notify(newSubject({ severity, device: 'TV' }));
  }
  await until(() => good.sink.received.length === 4);
  // What is urgent may overtake what waits.
  expect(good.titles().sort()).toEqual(['Critical: TV', 'High: TV', 'Medium: TV', 'Medium: TV']);
});

test('more than a channel can hold: the least urgent go to the dead letters', async () => {
  const hanging = await bench.receiver('hanging', 'hang');
  const notifier = await bench.start({ channels: [hanging.settings], storm: { messages: 1000, windowMinutes: 1 } });
  const severities = ['Medium', 'High'] as const;
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 400; i++) void notifier.notify(newSubject({ severity: severities[i % 2] }));
    await bench.clock.advance(61_000);
  }
  await until(() => notifier.status()[0].waiting === 1000, 'a full queue');
  const dead = await notifier.deliveries({ status: 'dead', limit: 500 });
  expect(dead).toHaveLength(200);
  expect(new Set(dead.map(({ severity, log }) => `${severity} ${log[0].error?.code}`))).toEqual(
    new Set(['Medium queue_full']),
  );
});
