import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import type { Outbox } from '../../../src/notify/delivery/outbox.ts';
import { until } from './manual-clock.ts';
import { arrived, hour, minute, onTestBench } from './notifier-harness.ts';
import { newSubject, noon } from './subject.ts';

const at = onTestBench();

describe('what goes wrong', () => {
  test('a receiver that fails is tried again with growing pauses, under the same key', async () => {
    const bad = await at.bench.receiver('bad', 500);
    const notifier = await at.bench.start({ channels: [bad.settings] });
    await notifier.notify(newSubject());
    await arrived(bad, 1);
    for (const [i, seconds] of [15, 30, 60, 120].entries()) {
      await until(
        () => notifier.status()[0].failing?.nextAttempt === at.bench.clock.now() + seconds * 1000,
        `pause ${i}`,
      );
      expect(await at.countAfter(bad, seconds * 1000 - 1)).toBe(i + 1);
      await at.bench.clock.advance(1);
      await arrived(bad, i + 2);
    }
    const keys = new Set(bad.sink.received.map(({ headers }) => headers['idempotency-key']));
    expect(keys.size).toBe(1);
    expect(notifier.status()).toMatchObject([{ waiting: 1, failing: { code: 'delivery_refused' } }]);
  });

  test('what waits to be said of an alert gives way to something newer, also after a restart', async () => {
    const bad = await at.bench.receiver('bad', 500);
    const settings = {
      channels: [bad.settings],
      rules: [{ name: 'r', escalate: [{ afterMinutes: 30, channels: ['bad'] }] }],
    };
    const first = await at.bench.start(settings);
    const logins = (count: number) => ({ id: 'one', sentence: `It tried ${count} logins.` });
    await first.notify(newSubject({ ...logins(5), severity: 'Medium' }));
    await first.notify(newSubject({ kind: 'flood', sentence: 'Another one.' }));
    await until(() => first.status()[0].failing !== null);
    await at.bench.clock.advance(20 * minute);
    await first.notify(newSubject({ ...logins(20), severity: 'High' }));
    await first.stop();
    const second = await at.bench.start(settings);
    await until(() => second.status()[0].failing !== null, 'the attempt of the start');
    await second.notify(newSubject({ ...logins(51), severity: 'Critical' }));
    const before = bad.sink.received.length;
    const told = () =>
      bad
        .bodies()
        .slice(before)
        .map(({ data }) => data.text.split('\n')[0]);
    bad.become('ok');
    expect(await second.sendTest('bad')).toMatchObject({ ok: true });
    await until(() => told().length === 3);
    expect(told().slice(1)).toEqual(['It tried 51 logins.', 'Another one.']);
    // The escalation comes when it was promised first.
    await at.bench.clock.advance(10 * minute);
    await until(() => told().length === 5);
    expect(
      bad
        .titles()
        .slice(before)
        .filter((title) => title.startsWith('Not yet seen')),
    ).toEqual(['Not yet seen by anybody: Critical: Hall camera', 'Not yet seen by anybody: High: Hall camera']);
    expect(told().filter((line) => /tried (5|20) /.test(line))).toEqual([]);
    const replaced = await second.deliveries({ status: 'cancelled' });
    expect(replaced.map(({ type, severity, log }) => [type, severity, log.at(-1)?.error?.code])).toEqual(
      expect.arrayContaining([
        ['alert', 'Medium', 'replaced'],
        ['alert', 'High', 'replaced'],
        ['escalation', 'Medium', 'replaced'],
        ['escalation', 'High', 'replaced'],
      ]),
    );
    expect(replaced).toHaveLength(4);
  });

  test('what is replaced while it is on its way says so, unless it comes through all the same', async () => {
    const slow = await at.bench.receiver('slow', 'hang');
    const notifier = await at.bench.start({ channels: [slow.settings] });
    await notifier.notify(newSubject({ id: 'one', severity: 'Medium' }));
    await until(() => slow.sink.connections.open === 1);
    await notifier.notify(newSubject({ id: 'one', severity: 'High' }));
    await at.bench.clock.advance(10_000);
    await until(() => notifier.status()[0].failing?.code === 'delivery_timeout', 'the timeout');
    const [old] = await notifier.deliveries({ status: 'cancelled' });
    expect(old).toMatchObject({ severity: 'Medium', log: [{ error: { code: 'replaced' } }] });
    expect(notifier.status()[0].waiting).toBe(1);
  });

  test('what is held of an alert gives way to something newer', async () => {
    const night = { from: '13:00', to: '15:30' };
    const notifier = await at.bench.start({
      channels: [at.phone.settings],
      rules: [{ name: 'night', quietHours: night }],
    });
    const told = (id: string, severity: 'Medium' | 'High' | 'Critical') =>
      notifier.notify(newSubject({ id, severity, sentence: `${id} is ${severity}.` }));
    await told('one', 'Medium');
    await told('one', 'High');
    await told('two', 'Medium');
    await told('two', 'Critical');
    await arrived(at.phone, 1);
    expect(notifier.status()).toMatchObject([{ held: 1 }]);
    await notifier.stop();
    await at.bench.start({ channels: [at.phone.settings], rules: [{ name: 'night', quietHours: night }] });
    await at.bench.clock.advance(90 * minute);
    await arrived(at.phone, 2);
    expect(at.phone.bodies().map(({ data }) => data.text.split(' (')[0].split('\n')[0])).toEqual([
      'two is Critical.',
      'High: one is High.',
    ]);
  });

  test('jitter takes up to half of a pause away', async () => {
    const bad = await at.bench.receiver('bad', 500);
    const notifier = await at.bench.start({ channels: [bad.settings] }, { random: () => 0 });
    await notifier.notify(newSubject());
    await until(() => notifier.status()[0].failing?.nextAttempt === at.bench.clock.now() + 7500, 'half a pause');
  });

  test('Retry-After is waited for', async () => {
    const limited = await at.bench.receiver('limited', 'rate-limited');
    const notifier = await at.bench.start({ channels: [limited.settings] });
    await notifier.notify(newSubject());
    await until(
      () => notifier.status()[0].failing?.nextAttempt === at.bench.clock.now() + 90_000,
      'the pause asked for',
    );
    expect(await at.countAfter(limited, 89_999)).toBe(1);
    await at.bench.clock.advance(1);
    await arrived(limited, 2);
  });

  test('after a day in vain it is a dead letter, which can be sent again', async () => {
    const bad = await at.bench.receiver('bad', 500);
    const notifier = await at.bench.start({ channels: [bad.settings] });
    await notifier.notify(newSubject());
    for (let attempts = 1; attempts <= 32; attempts++) {
      await until(
        () => bad.sink.received.length === attempts && notifier.status()[0].failing !== null,
        `attempt ${attempts}`,
      );
      await until(
        () => (notifier.status()[0].failing?.nextAttempt ?? 0) > at.bench.clock.now() || attempts === 32,
        'a pause',
      );
      if (attempts < 32) await at.bench.clock.advance(notifier.status()[0].failing!.nextAttempt - at.bench.clock.now());
    }
    await until(async () => (await notifier.deliveries({ status: 'dead' })).length === 1, 'the dead letter');
    expect(at.bench.clock.now() - noon).toBeGreaterThan(20 * hour);
    const [dead] = await notifier.deliveries();
    expect(dead).toMatchObject({ attempts: 32, due: null });
    expect(dead.log).toHaveLength(10);
    expect(await at.countAfter(bad, 100 * hour)).toBe(32);

    await notifier.retry(dead.id);
    await arrived(bad, 33);
    await expect(notifier.retry(dead.id)).rejects.toMatchObject({ code: 'delivery_not_found' });
  });

  test('a message that a receiver cannot take is a dead letter at once, and the next one goes', async () => {
    const picky = await at.bench.receiver('picky', 400);
    const notifier = await at.bench.start({ channels: [picky.settings] });
    await notifier.notify(newSubject());
    await notifier.notify(newSubject({ kind: 'flood' }));
    await arrived(picky, 2);
    await until(async () => (await notifier.deliveries({ status: 'dead' })).length === 2);
    expect(notifier.status()).toMatchObject([{ waiting: 0 }]);
  });

  test('a channel that hangs delays no other', async () => {
    const hanging = await at.bench.receiver('hanging', 'hang');
    const notifier = await at.bench.start({ channels: [hanging.settings, at.phone.settings], storm: { messages: 50 } });
    for (let i = 0; i < 20; i++) await notifier.notify(newSubject());
    await arrived(at.phone, 20);
    expect(hanging.sink.connections.made).toBe(1);
    await at.bench.clock.advance(10_000);
    await until(() => notifier.status()[0].failing?.code === 'delivery_timeout', 'the timeout');
    await until(() => hanging.sink.connections.open === 0, 'the connection to be closed');
    expect(notifier.status()).toMatchObject([{ waiting: 20 }, { waiting: 0, failing: null }]);
  });

  test('a target inside the network that nobody allowed is refused, and the receiver hears nothing', async () => {
    const notifier = await at.bench.start({ channels: [at.phone.settings], lanTargets: [] });
    await notifier.notify(newSubject());
    await until(() => notifier.status()[0].failing?.code === 'target_refused', 'the refusal');
    expect(at.phone.sink.connections.made).toBe(0);
  });

  test('a full disk stops no message, and is written up for afterwards', async () => {
    let full = true;
    const outbox: Outbox = {
      ...at.bench.store.outbox,
      commit: (changes) =>
        full ? Promise.reject(new AppError('storage_full', {})) : at.bench.store.outbox.commit(changes),
    };
    const notifier = await at.bench.start({ channels: [at.phone.settings] }, { outbox });
    const alert = newSubject();
    await notifier.notify(alert);
    await arrived(at.phone, 1);
    await until(async () => (await notifier.deliveries({ status: 'delivered' })).length === 1, 'the log in memory');
    expect((await notifier.explain(alert.id)).decisions).toEqual([]);
    full = false;
    await at.bench.clock.advance(5000);
    await until(async () => (await at.bench.store.outbox.deliveries({ limit: 9 })).length === 1, 'the disk');
    expect((await notifier.explain(alert.id)).decisions).toMatchObject([{ result: { status: 'delivered' } }]);
    expect(at.bench.logged().match(/cannot be kept on disk/g)).toHaveLength(1);
    expect(at.bench.logged()).toContain('kept on disk again');
  });

  test('a disk that hangs holds a message up for a second at most', async () => {
    const disk = Promise.withResolvers<void>();
    const outbox: Outbox = {
      ...at.bench.store.outbox,
      commit: (changes) => disk.promise.then(() => at.bench.store.outbox.commit(changes)),
    };
    const notifier = await at.bench.start({ channels: [at.phone.settings] }, { outbox });
    const decided = notifier.notify(newSubject());
    expect(await at.countAfter(at.phone, 999)).toBe(0);
    await at.bench.clock.advance(1);
    await decided;
    await arrived(at.phone, 1);
    disk.resolve();
  });

  test('a store that cannot be read at the start takes the past away, not the present', async () => {
    const outbox: Outbox = {
      ...at.bench.store.outbox,
      load: () => Promise.reject(new AppError('store_unavailable', { reason: 'x' })),
    };
    const notifier = await at.bench.start({ channels: [at.phone.settings] }, { outbox });
    await notifier.notify(newSubject());
    await arrived(at.phone, 1);
    expect(at.bench.logged()).toContain('cannot be read');
  });

  test('the wall clock may be set in either direction: a pause keeps its length', async () => {
    const years = 40 * 365 * 24 * hour;
    const bad = await at.bench.receiver('bad', 500);
    const notifier = await at.bench.start({ channels: [bad.settings] });
    await notifier.notify(newSubject());
    for (const [i, { step, seconds }] of [
      { step: -years, seconds: 15 },
      { step: years, seconds: 30 },
    ].entries()) {
      await until(
        () => notifier.status()[0].failing?.nextAttempt === at.bench.clock.now() + seconds * 1000,
        `pause ${i}`,
      );
      at.bench.clock.step(step);
      // Noticed at the latest when the notifier wakes up, which it does every 30 seconds.
      expect(await at.countAfter(bad, seconds * 1000 - 1)).toBe(i + 1);
      await at.bench.clock.advance(1);
      await arrived(bad, i + 2);
    }
  });
});

describe('a restart', () => {
  test('loses nothing that waits, and tries it at once', async () => {
    const bad = await at.bench.receiver('bad', 500);
    const first = await at.bench.start({
      channels: [bad.settings],
      rules: [{ name: 'night', quietHours: { from: '15:00', to: '16:00' } }],
    });
    await first.notify(newSubject({ id: 'waits' }));
    await until(() => first.status()[0].failing !== null);
    await at.bench.clock.advance(65 * minute);
    await first.notify(newSubject({ id: 'held' }));
    const before = bad.sink.received.length;
    // As a crash leaves it: without a word to the first.
    const second = await at.bench.start({ channels: [{ ...at.phone.settings, name: 'bad' }] });
    await arrived(at.phone, 1);
    expect(at.phone.bodies()[0].id).toBe(bad.bodies()[0].id);
    expect(before).toBeGreaterThan(0);
    await first.stop();
    expect(await second.notify(newSubject({ id: 'waits' }))).toMatchObject([{ outcome: 'already-told' }]);
    await at.bench.clock.advance(55 * minute);
    await arrived(at.phone, 2);
    expect(at.phone.titles()).toEqual(['High: Hall camera', 'While it was quiet: 1 alert']);
  });

  test('makes dead letters of what was for a channel that is gone', async () => {
    const bad = await at.bench.receiver('bad', 500);
    const first = await at.bench.start({ channels: [bad.settings] });
    await first.notify(newSubject());
    await until(() => first.status()[0].failing !== null);
    await first.stop();
    const second = await at.bench.start({ channels: [at.phone.settings] });
    const [dead] = await second.deliveries();
    expect(dead).toMatchObject({ channel: 'bad', status: 'dead', log: [{}, { error: { code: 'channel_not_found' } }] });
    await expect(second.retry(dead.id)).rejects.toMatchObject({ code: 'channel_not_found' });
  });
});
