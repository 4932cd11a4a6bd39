import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import type { Outbox } from '../../../src/notify/outbox.ts';
import { createSecrets } from '../../../src/notify/secret.ts';
import { until } from './manual-clock.ts';
import { createTestBench, type Receiver, type TestBench } from './notifier-harness.ts';
import { startSmtpSink } from './smtp-sink.ts';
import { hostileName, newSubject, noon } from './subject.ts';

let bench: TestBench;
let phone: Receiver;
beforeEach(async () => {
  bench = await createTestBench();
  phone = await bench.receiver('phone');
});
afterEach(() => bench.close());

const minute = 60_000;
const hour = 60 * minute;
const arrived = (receiver: Receiver, count: number): Promise<void> =>
  until(() => receiver.sink.received.length >= count, `${count} messages`);
const countAfter = async (receiver: Receiver, ms: number): Promise<number> => {
  await bench.clock.advance(ms);
  await new Promise((resolve) => setTimeout(resolve, 50));
  return receiver.sink.received.length;
};

describe('who is told', () => {
  test('without rules everything from Medium up goes to every channel, and the log says so', async () => {
    const mail = await bench.receiver('mail');
    const notifier = await bench.start({ channels: [phone.settings, mail.settings] });
    const alert = newSubject();
    const decisions = await notifier.notify(alert);
    expect(decisions.map(({ channel, outcome }) => [channel, outcome])).toEqual([
      ['phone', 'sent'],
      ['mail', 'sent'],
    ]);
    await arrived(phone, 1);
    await arrived(mail, 1);
    expect(phone.bodies()[0]).toMatchObject({ type: 'guardian.alert', data: { alert: { id: alert.id, flows: 214 } } });

    await until(async () => (await notifier.deliveries({ status: 'delivered' })).length === 2, 'the delivery log');
    const { decisions: explained } = await notifier.explain(alert.id);
    expect(explained[0]).toMatchObject({
      ts: noon,
      channel: 'phone',
      reason: 'Rule "Everything from Medium up" tells it at once.',
      result: { status: 'delivered', attempts: 1, log: [{ error: null }] },
    });
    await notifier.notify(newSubject({ severity: 'Low' }));
    expect(await countAfter(phone, hour)).toBe(1);
  });

  test('rules choose by severity, kind and device, and every "no" has its reason', async () => {
    const mail = await bench.receiver('mail');
    const notifier = await bench.start({
      channels: [phone.settings, mail.settings],
      rules: [
        { name: 'Bad', minSeverity: 'High', channels: ['phone'] },
        { name: 'Beacons', kinds: ['beacon'], minSeverity: 'Low', channels: ['mail'] },
        { name: 'Camera', devices: ['02:00:00:00:00:01'], channels: ['mail'] },
      ],
    });
    const alert = newSubject({ severity: 'Medium', device: 'TV', address: '02:00:00:00:00:02' });
    await notifier.notify(alert);
    const { decisions } = await notifier.explain(alert.id);
    expect(decisions.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['not-matched', 'Rule "Bad" does not apply: Medium is below High.'],
      ['not-matched', 'Rule "Beacons" does not apply: it is not for the kind "scan".'],
      ['not-matched', 'Rule "Camera" does not apply: it is not for TV.'],
    ]);
    await notifier.notify(newSubject({ kind: 'beacon', severity: 'Low', address: '02:00:00:00:00:02' }));
    await notifier.notify(newSubject({ severity: 'Critical' }));
    await arrived(mail, 2);
    await arrived(phone, 1);
    expect([phone.titles(), mail.titles()]).toEqual([
      ['Critical: Hall camera'],
      ['Low: Hall camera', 'Critical: Hall camera'],
    ]);
  });

  test('an alert is told once, and again when it becomes more severe', async () => {
    const notifier = await bench.start({ channels: [phone.settings] });
    await notifier.notify(newSubject({ id: 'one', severity: 'Medium' }));
    expect(await notifier.notify(newSubject({ id: 'one', severity: 'Medium' }))).toMatchObject([
      { outcome: 'already-told' },
    ]);
    await notifier.notify(newSubject({ id: 'one', severity: 'Critical' }));
    await arrived(phone, 2);
    expect(phone.titles()).toEqual(['Medium: Hall camera', 'Critical: Hall camera']);
  });

  test('a channel that is switched off gets nothing, and no channel at all is said', async () => {
    const notifier = await bench.start({
      channels: [{ ...phone.settings, enabled: false }],
      rules: [{ name: 'all', channels: ['phone'] }],
    });
    expect(await notifier.notify(newSubject())).toMatchObject([
      { outcome: 'dropped', reason: 'No channel is set up and switched on.' },
    ]);
    expect(notifier.status()).toMatchObject([{ name: 'phone', enabled: false, waiting: 0 }]);
  });

  test('what Guardian says of itself goes the same way', async () => {
    const notifier = await bench.start({ channels: [phone.settings] });
    const sentence = 'Guardian cannot see traffic since 14:02: the cable or the mirror port is off.';
    const title = 'Guardian: cannot see traffic';
    const advice = ['Check the cable.'];
    await notifier.announce({ id: 'blind-1', severity: 'High', title, sentence, meaning: '', advice });
    await arrived(phone, 1);
    expect(phone.bodies()[0].data).toMatchObject({ title });
    expect(phone.bodies()[0].data.text).toContain(sentence);
  });

  test('names from the network are cleaned before anything is made of them', async () => {
    const notifier = await bench.start({ channels: [{ ...phone.settings, title: '{{device}}' }] });
    const alert = newSubject({ device: hostileName, sentence: hostileName, evidence: { [hostileName]: hostileName } });
    await notifier.notify(alert);
    await arrived(phone, 1);
    expect(phone.titles()[0]).toContain('\\u000D\\u000ABcc: a@evil.example\\u001B[2J\\u202E<script>');
    const stringsOf = (value: unknown): string[] =>
      typeof value === 'object' && value !== null ? Object.entries(value).flat().flatMap(stringsOf) : [String(value)];
    const hidden = stringsOf(phone.bodies()).filter((text) => /[\p{Cc}\p{Cf}]/u.test(text.replaceAll('\n', '')));
    expect(hidden).toEqual([]);
  });

  test('templates of a channel say it in the words of its owner', async () => {
    const notifier = await bench.start({
      channels: [
        {
          ...phone.settings,
          title: '{{ severity }} {{device}} {{constructor}}',
          text: '{{sentence}} {{time}} {{#each}}',
        },
      ],
    });
    await notifier.notify(newSubject({ device: '{{address}}', sentence: 'It did.' }));
    await arrived(phone, 1);
    expect(phone.bodies()[0].data).toMatchObject({
      title: 'High {{address}} {{constructor}}',
      text: 'It did. 2026-10-16 14:00 CEST {{#each}}',
    });
  });
});

test('a mail has the published subject, unless the owner wrote another', async () => {
  const sink = await startSmtpSink({ behaviour: 'ok', security: 'none' });
  const mail = { kind: 'email', server: '127.0.0.1', port: sink.port, security: 'none', to: ['owner@example.org'] };
  const notifier = await bench.start({
    channels: [
      { ...mail, name: 'published' },
      { ...mail, name: 'own', title: '{{severity}}: {{sentence}}' },
    ],
  });
  const subjects = () => sink.received.map(({ data }) => /^Subject: (.*)\r$/m.exec(data)?.[1]).sort();
  await notifier.notify(newSubject({ sentence: 'It did it.' }));
  await until(() => sink.received.length === 2);
  expect(subjects()).toEqual(['Alert: Anomalies Detected!', 'High: It did it.']);

  // The published subject and heading are for anomalies.
  sink.received.length = 0;
  const title = 'Guardian: cannot see traffic';
  await notifier.announce({ id: 'blind', severity: 'High', title, sentence: 'It is dark.', meaning: '', advice: [] });
  await until(() => sink.received.length === 2);
  expect(subjects()).toEqual([title, 'High: It is dark.']);
  const published = sink.received.find(({ data }) => data.includes(`Subject: ${title}`))!;
  expect(published.data).not.toContain('Anomaly Detection Alert');
  await sink.close();
});

describe('when', () => {
  // The bench begins at 14:00 in Berlin.
  const night = { from: '13:00', to: '15:30' };

  test('quiet hours hold what can wait and tell it together afterwards; Critical passes', async () => {
    const notifier = await bench.start({ channels: [phone.settings], rules: [{ name: 'night', quietHours: night }] });
    const held = newSubject({ device: 'TV' });
    await notifier.notify(held);
    await notifier.notify(newSubject({ kind: 'beacon' }));
    await notifier.notify(newSubject({ severity: 'Critical' }));
    await arrived(phone, 1);
    expect(notifier.status()).toMatchObject([{ held: 2 }]);
    expect(await countAfter(phone, 89 * minute)).toBe(1);
    await bench.clock.advance(minute);
    await arrived(phone, 2);
    expect(phone.titles()).toEqual(['Critical: Hall camera', 'While it was quiet: 2 alerts']);
    expect(phone.bodies()[1].data.count).toBe(2);
    await until(async () => (await notifier.deliveries({ status: 'delivered' })).length === 2);
    expect((await notifier.explain(held.id)).decisions).toMatchObject([
      {
        outcome: 'held',
        reason: 'Rule "night" has quiet hours until 2026-10-16 15:30 CEST.',
        result: { type: 'summary', status: 'delivered' },
      },
    ]);
  });

  test('quiet hours may drop, and Critical may be told to wait', async () => {
    const notifier = await bench.start({
      channels: [phone.settings],
      rules: [{ name: 'night', quietHours: { ...night, afterwards: 'drop', criticalPasses: false } }],
    });
    expect(await notifier.notify(newSubject({ severity: 'Critical' }))).toMatchObject([
      { channel: 'phone', outcome: 'dropped' },
    ]);
    expect(await countAfter(phone, 3 * hour)).toBe(0);
  });

  test('a digest gathers, unless another rule tells the same channel at once', async () => {
    const notifier = await bench.start({
      channels: [phone.settings],
      rules: [
        { name: 'digest', minSeverity: 'Low', digest: { every: 'day', at: '20:00' } },
        { name: 'now', minSeverity: 'High' },
      ],
    });
    await notifier.notify(newSubject({ severity: 'Low' }));
    await notifier.notify(newSubject({ severity: 'High' }));
    await notifier.notify(newSubject({ severity: 'Medium' }));
    await arrived(phone, 1);
    expect(await countAfter(phone, 6 * hour - 1)).toBe(1);
    await bench.clock.advance(1);
    await arrived(phone, 2);
    expect(phone.titles()).toEqual(['High: Hall camera', 'Digest: 2 alerts']);
    expect(await countAfter(phone, 30 * hour)).toBe(2);
  });

  test('what nobody acknowledges is told to others, what somebody does is not', async () => {
    const boss = await bench.receiver('boss');
    const notifier = await bench.start({
      channels: [phone.settings, boss.settings],
      rules: [{ name: 'r', channels: ['phone'], escalate: [{ afterMinutes: 15, channels: ['boss'] }] }],
    });
    const [seen, unseen] = [newSubject({ device: 'TV' }), newSubject()];
    await notifier.notify(seen);
    await notifier.notify(unseen);
    await bench.clock.advance(14 * minute);
    await notifier.acknowledge(seen.id);
    expect(await countAfter(boss, minute)).toBe(1);
    expect(boss.titles()).toEqual(['Not yet seen by anybody: High: Hall camera']);
    expect((await notifier.explain(seen.id)).decisions).toMatchObject([
      { outcome: 'sent' },
      { outcome: 'escalation-planned', channel: 'boss', result: { status: 'cancelled', attempts: 0 } },
    ]);
  });
});

describe('what goes wrong', () => {
  test('a receiver that fails is tried again with growing pauses, under the same key', async () => {
    const bad = await bench.receiver('bad', 500);
    const notifier = await bench.start({ channels: [bad.settings] });
    await notifier.notify(newSubject());
    await arrived(bad, 1);
    for (const [i, seconds] of [15, 30, 60, 120].entries()) {
      await until(() => notifier.status()[0].failing?.nextAttempt === bench.clock.now() + seconds * 1000, `pause ${i}`);
      expect(await countAfter(bad, seconds * 1000 - 1)).toBe(i + 1);
      await bench.clock.advance(1);
      await arrived(bad, i + 2);
    }
    const keys = new Set(bad.sink.received.map(({ headers }) => headers['idempotency-key']));
    expect(keys.size).toBe(1);
    expect(notifier.status()).toMatchObject([{ waiting: 1, failing: { code: 'delivery_refused' } }]);
  });

  test('what waits to be said of an alert gives way to something newer, also after a restart', async () => {
    const bad = await bench.receiver('bad', 500);
    const settings = {
      channels: [bad.settings],
      rules: [{ name: 'r', escalate: [{ afterMinutes: 30, channels: ['bad'] }] }],
    };
    const first = await bench.start(settings);
    const logins = (count: number) => ({ id: 'one', sentence: `It tried ${count} logins.` });
    await first.notify(newSubject({ ...logins(5), severity: 'Medium' }));
    await first.notify(newSubject({ kind: 'flood', sentence: 'Another one.' }));
    await until(() => first.status()[0].failing !== null);
    await bench.clock.advance(20 * minute);
    await first.notify(newSubject({ ...logins(20), severity: 'High' }));
    await first.stop();
    const second = await bench.start(settings);
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
    await bench.clock.advance(10 * minute);
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
    const slow = await bench.receiver('slow', 'hang');
    const notifier = await bench.start({ channels: [slow.settings] });
    await notifier.notify(newSubject({ id: 'one', severity: 'Medium' }));
    await until(() => slow.sink.connections.open === 1);
    await notifier.notify(newSubject({ id: 'one', severity: 'High' }));
    await bench.clock.advance(10_000);
    await until(() => notifier.status()[0].failing?.code === 'delivery_timeout', 'the timeout');
    const [old] = await notifier.deliveries({ status: 'cancelled' });
    expect(old).toMatchObject({ severity: 'Medium', log: [{ error: { code: 'replaced' } }] });
    expect(notifier.status()[0].waiting).toBe(1);
  });

  test('what is held of an alert gives way to something newer', async () => {
    const night = { from: '13:00', to: '15:30' };
    const notifier = await bench.start({ channels: [phone.settings], rules: [{ name: 'night', quietHours: night }] });
    const told = (id: string, severity: 'Medium' | 'High' | 'Critical') =>
      notifier.notify(newSubject({ id, severity, sentence: `${id} is ${severity}.` }));
    await told('one', 'Medium');
    await told('one', 'High');
    await told('two', 'Medium');
    await told('two', 'Critical');
    await arrived(phone, 1);
    expect(notifier.status()).toMatchObject([{ held: 1 }]);
    await notifier.stop();
    await bench.start({ channels: [phone.settings], rules: [{ name: 'night', quietHours: night }] });
    await bench.clock.advance(90 * minute);
    await arrived(phone, 2);
    expect(phone.bodies().map(({ data }) => data.text.split(' (')[0].split('\n')[0])).toEqual([
      'two is Critical.',
      'High: one is High.',
    ]);
  });

  test('jitter takes up to half of a pause away', async () => {
    const bad = await bench.receiver('bad', 500);
    const notifier = await bench.start({ channels: [bad.settings] }, { random: () => 0 });
    await notifier.notify(newSubject());
    await until(() => notifier.status()[0].failing?.nextAttempt === bench.clock.now() + 7500, 'half a pause');
  });

  test('Retry-After is waited for', async () => {
    const limited = await bench.receiver('limited', 'rate-limited');
    const notifier = await bench.start({ channels: [limited.settings] });
    await notifier.notify(newSubject());
    await until(() => notifier.status()[0].failing?.nextAttempt === bench.clock.now() + 90_000, 'the pause asked for');
    expect(await countAfter(limited, 89_999)).toBe(1);
    await bench.clock.advance(1);
    await arrived(limited, 2);
  });

  test('after a day in vain it is a dead letter, which can be sent again', async () => {
    const bad = await bench.receiver('bad', 500);
    const notifier = await bench.start({ channels: [bad.settings] });
    await notifier.notify(newSubject());
    for (let attempts = 1; attempts <= 32; attempts++) {
      await until(
        () => bad.sink.received.length === attempts && notifier.status()[0].failing !== null,
        `attempt ${attempts}`,
      );
      await until(
        () => (notifier.status()[0].failing?.nextAttempt ?? 0) > bench.clock.now() || attempts === 32,
        'a pause',
      );
      if (attempts < 32) await bench.clock.advance(notifier.status()[0].failing!.nextAttempt - bench.clock.now());
    }
    await until(async () => (await notifier.deliveries({ status: 'dead' })).length === 1, 'the dead letter');
    expect(bench.clock.now() - noon).toBeGreaterThan(20 * hour);
    const [dead] = await notifier.deliveries();
    expect(dead).toMatchObject({ attempts: 32, due: null });
    expect(dead.log).toHaveLength(10);
    expect(await countAfter(bad, 100 * hour)).toBe(32);

    await notifier.retry(dead.id);
    await arrived(bad, 33);
    await expect(notifier.retry(dead.id)).rejects.toMatchObject({ code: 'delivery_not_found' });
  });

  test('a message that a receiver cannot take is a dead letter at once, and the next one goes', async () => {
    const picky = await bench.receiver('picky', 400);
    const notifier = await bench.start({ channels: [picky.settings] });
    await notifier.notify(newSubject());
    await notifier.notify(newSubject({ kind: 'flood' }));
    await arrived(picky, 2);
    await until(async () => (await notifier.deliveries({ status: 'dead' })).length === 2);
    expect(notifier.status()).toMatchObject([{ waiting: 0 }]);
  });

  test('a channel that hangs delays no other', async () => {
    const hanging = await bench.receiver('hanging', 'hang');
    const notifier = await bench.start({ channels: [hanging.settings, phone.settings], storm: { messages: 50 } });
    for (let i = 0; i < 20; i++) await notifier.notify(newSubject());
    await arrived(phone, 20);
    expect(hanging.sink.connections.made).toBe(1);
    await bench.clock.advance(10_000);
    await until(() => notifier.status()[0].failing?.code === 'delivery_timeout', 'the timeout');
    await until(() => hanging.sink.connections.open === 0, 'the connection to be closed');
    expect(notifier.status()).toMatchObject([{ waiting: 20 }, { waiting: 0, failing: null }]);
  });

  test('a target inside the network that nobody allowed is refused, and the receiver hears nothing', async () => {
    const notifier = await bench.start({ channels: [phone.settings], lanTargets: [] });
    await notifier.notify(newSubject());
    await until(() => notifier.status()[0].failing?.code === 'target_refused', 'the refusal');
    expect(phone.sink.connections.made).toBe(0);
  });

  test('a full disk stops no message, and is written up for afterwards', async () => {
    let full = true;
    const outbox: Outbox = {
      ...bench.store.outbox,
      commit: (changes) =>
        full ? Promise.reject(new AppError('storage_full', {})) : bench.store.outbox.commit(changes),
    };
    const notifier = await bench.start({ channels: [phone.settings] }, { outbox });
    const alert = newSubject();
    await notifier.notify(alert);
    await arrived(phone, 1);
    await until(async () => (await notifier.deliveries({ status: 'delivered' })).length === 1, 'the log in memory');
    expect((await notifier.explain(alert.id)).decisions).toEqual([]);
    full = false;
    await bench.clock.advance(5000);
    await until(async () => (await bench.store.outbox.deliveries({ limit: 9 })).length === 1, 'the disk');
    expect((await notifier.explain(alert.id)).decisions).toMatchObject([{ result: { status: 'delivered' } }]);
    expect(bench.logged().match(/cannot be kept on disk/g)).toHaveLength(1);
    expect(bench.logged()).toContain('kept on disk again');
  });

  test('a disk that hangs holds a message up for a second at most', async () => {
    const disk = Promise.withResolvers<void>();
    const outbox: Outbox = {
      ...bench.store.outbox,
      commit: (changes) => disk.promise.then(() => bench.store.outbox.commit(changes)),
    };
    const notifier = await bench.start({ channels: [phone.settings] }, { outbox });
    const decided = notifier.notify(newSubject());
    expect(await countAfter(phone, 999)).toBe(0);
    await bench.clock.advance(1);
    await decided;
    await arrived(phone, 1);
    disk.resolve();
  });

  test('a store that cannot be read at the start takes the past away, not the present', async () => {
    const outbox: Outbox = {
      ...bench.store.outbox,
      load: () => Promise.reject(new AppError('store_unavailable', { reason: 'x' })),
    };
    const notifier = await bench.start({ channels: [phone.settings] }, { outbox });
    await notifier.notify(newSubject());
    await arrived(phone, 1);
    expect(bench.logged()).toContain('cannot be read');
  });

  test('the wall clock may be set in either direction: a pause keeps its length', async () => {
    const years = 40 * 365 * 24 * hour;
    const bad = await bench.receiver('bad', 500);
    const notifier = await bench.start({ channels: [bad.settings] });
    await notifier.notify(newSubject());
    for (const [i, { step, seconds }] of [
      { step: -years, seconds: 15 },
      { step: years, seconds: 30 },
    ].entries()) {
      await until(() => notifier.status()[0].failing?.nextAttempt === bench.clock.now() + seconds * 1000, `pause ${i}`);
      bench.clock.step(step);
      // Noticed at the latest when the notifier wakes up, which it does every 30 seconds.
      expect(await countAfter(bad, seconds * 1000 - 1)).toBe(i + 1);
      await bench.clock.advance(1);
      await arrived(bad, i + 2);
    }
  });
});

describe('a restart', () => {
  test('loses nothing that waits, and tries it at once', async () => {
    const bad = await bench.receiver('bad', 500);
    const first = await bench.start({
      channels: [bad.settings],
      rules: [{ name: 'night', quietHours: { from: '15:00', to: '16:00' } }],
    });
    await first.notify(newSubject({ id: 'waits' }));
    await until(() => first.status()[0].failing !== null);
    await bench.clock.advance(65 * minute);
    await first.notify(newSubject({ id: 'held' }));
    const before = bad.sink.received.length;
    // As a crash leaves it: without a word to the first.
    const second = await bench.start({ channels: [{ ...phone.settings, name: 'bad' }] });
    await arrived(phone, 1);
    expect(phone.bodies()[0].id).toBe(bad.bodies()[0].id);
    expect(before).toBeGreaterThan(0);
    await first.stop();
    expect(await second.notify(newSubject({ id: 'waits' }))).toMatchObject([{ outcome: 'already-told' }]);
    await bench.clock.advance(55 * minute);
    await arrived(phone, 2);
    expect(phone.titles()).toEqual(['High: Hall camera', 'While it was quiet: 1 alert']);
  });

  test('makes dead letters of what was for a channel that is gone', async () => {
    const bad = await bench.receiver('bad', 500);
    const first = await bench.start({ channels: [bad.settings] });
    await first.notify(newSubject());
    await until(() => first.status()[0].failing !== null);
    await first.stop();
    const second = await bench.start({ channels: [phone.settings] });
    const [dead] = await second.deliveries();
    expect(dead).toMatchObject({ channel: 'bad', status: 'dead', log: [{}, { error: { code: 'channel_not_found' } }] });
    await expect(second.retry(dead.id)).rejects.toMatchObject({ code: 'channel_not_found' });
  });
});

describe('the owner', () => {
  test('tests a channel at once, whatever waits for it, and is told what is wrong', async () => {
    const hanging = await bench.receiver('hanging', 'hang');
    const notifier = await bench.start({ channels: [phone.settings, hanging.settings] });
    expect(await notifier.sendTest('phone')).toEqual({ ok: true, seconds: 0, error: null });
    expect(phone.titles()).toEqual(['Home IoT Guardian: test message']);
    await notifier.notify(newSubject());
    const result = notifier.sendTest('hanging');
    await until(() => hanging.sink.connections.made === 2, 'the test beside the queue');
    await bench.clock.advance(10_000);
    expect(await result).toMatchObject({
      ok: false,
      seconds: 10,
      error: { code: 'delivery_timeout', message: 'Channel "hanging" did not take the message within 10 seconds.' },
    });
    expect(await notifier.deliveries({ channel: 'phone', status: 'delivered' })).toHaveLength(2);
    await expect(notifier.sendTest('fax')).rejects.toMatchObject({
      code: 'channel_not_found',
      hint: 'There are: phone, hanging.',
    });
  });

  test('has a device forgotten, on its way or told', async () => {
    const bad = await bench.receiver('bad', 500);
    const notifier = await bench.start({ channels: [phone.settings, bad.settings] });
    const alert = newSubject({ device: 'Secret toy' });
    await notifier.notify(alert);
    await notifier.notify(newSubject({ device: 'TV', address: '02:00:00:00:00:02' }));
    await arrived(phone, 2);
    await until(() => notifier.status()[1].failing !== null);
    await notifier.forgetDevice(alert.address);
    expect(await notifier.deliveries()).toHaveLength(2);
    expect((await notifier.explain(alert.id)).decisions).toEqual([]);
    expect(notifier.status()[1].waiting).toBe(1);
  });

  test('finds secrets in no log, no answer and no file', async () => {
    const canary = 'canary-4b1d-0e77';
    const keyFile = path.join(bench.directory, 'secret.key');
    const secrets = createSecrets({ env: {}, keyFile });
    const bad = await bench.receiver('bad', 403);
    const notifier = await bench.start(
      {
        channels: [
          { ...bad.settings, token: secrets.seal(canary), signingSecret: secrets.seal(canary) },
          {
            kind: 'telegram',
            name: 'chat',
            chat: '1',
            token: secrets.seal(canary),
            url: `http://127.0.0.1:${bad.sink.port}`,
          },
          {
            kind: 'incoming-hook',
            name: 'hook',
            style: 'slack',
            url: secrets.seal(`http://127.0.0.1:${bad.sink.port}/${canary}`),
          },
          { kind: 'incoming-hook', name: 'broken', style: 'slack', url: secrets.seal(`gopher://${canary}/`) },
        ],
      },
      { secrets },
    );
    const alert = newSubject();
    await notifier.notify(alert);
    await arrived(bad, 3);
    await until(() => notifier.status().every(({ failing }) => failing !== null));
    const answers = [
      await notifier.sendTest('chat'),
      await notifier.deliveries(),
      await notifier.explain(alert.id),
      notifier.status(),
    ];
    expect(JSON.stringify(answers) + bench.logged()).not.toContain(canary);
    expect(bad.sink.received.map(({ headers, path: to }) => `${headers.authorization} ${to}`).join()).toContain(canary);
    for (const file of readdirSync(bench.directory)) {
      expect(readFileSync(path.join(bench.directory, file), 'latin1')).not.toContain(canary);
    }
  });
});
