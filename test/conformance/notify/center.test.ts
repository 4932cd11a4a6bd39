/** The settings page's side of notifications, on a real store and real receivers. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CenterOptions, createNotificationCenter, type NotificationCenter } from '../../../src/notify/center.ts';
import { mailSettingsFromEnvironment } from '../../../src/notify/scan-mail.ts';
import { notificationSettingsSchema } from '../../../src/notify/settings/settings.ts';
import { createSecrets } from '../../../src/notify/transport/secret.ts';
import { createTestBench, type TestBench } from './notifier-harness.ts';
import { startSmtpSink } from './smtp-sink.ts';
import { newSubject } from './subject.ts';

const CANARY = 'canary-Zm9v+/secret';

let bench: TestBench;
const centers: NotificationCenter[] = [];
beforeEach(async () => {
  bench = await createTestBench();
});
afterEach(async () => {
  await Promise.all(centers.splice(0).map((center) => center.stop()));
  await bench.close();
});

async function open(
  file: Record<string, unknown> = {},
  options: Partial<CenterOptions> = {},
): Promise<NotificationCenter> {
  const { store, clock, directory } = bench;
  const center = await createNotificationCenter({
    file: notificationSettingsSchema.parse({ lanTargets: ['127.0.0.1'], ...file }),
    mail: null,
    saved: store.settings,
    outbox: store.outbox,
    secrets: createSecrets({ env: {}, keyFile: path.join(directory, 'secret.key') }),
    clock,
    timers: clock,
    log: bench.log,
    ownPort: null,
    version: '1.2.3',
    ...options,
  });
  centers.push(center);
  return center;
}

const names = async (center: NotificationCenter) =>
  (await center.overview()).channels.map(({ name, from }) => `${name} (${from})`);

describe('channels of the page', () => {
  test('a channel works from the moment it is saved, and after a restart', async () => {
    const phone = await bench.receiver('phone');
    const center = await open();
    expect((await center.notifier.notify(newSubject()))[0].reason).toBe('No channel is set up and switched on.');
    await center.saveChannel('phone', phone.settings);
    await center.notifier.notify(newSubject());
    await bench.clock.advance(0);
    await expect.poll(() => phone.titles()).toHaveLength(1);
    await center.stop();

    const again = await open();
    expect(await names(again)).toEqual(['phone (page)']);
    await again.notifier.notify(newSubject());
    await expect.poll(() => phone.titles()).toHaveLength(2);
  });

  test('what waits for a channel leaves with its new settings', async () => {
    const [bad, good] = [await bench.receiver('phone', 'busy'), await bench.receiver('phone')];
    const center = await open();
    await center.saveChannel('phone', bad.settings);
    await center.notifier.notify(newSubject({ sentence: 'Told late.' }));
    await expect.poll(() => bad.sink.received.length).toBe(1);
    await expect
      .poll(async () => (await center.overview()).channels[0].failing)
      .toMatchObject({
        code: 'delivery_refused',
        message: expect.stringContaining('500'),
        hint: expect.stringContaining('settings of the channel'),
      });
    await center.saveChannel('phone', good.settings);
    await expect.poll(() => good.titles()).toHaveLength(1);
    expect(bad.sink.received).toHaveLength(1);
    await expect.poll(async () => (await center.overview()).channels[0]).toMatchObject({ waiting: 0, failing: null });
  });

  test('a change of one channel leaves the others alone, on their way or held', async () => {
    const [phone, other] = [await bench.receiver('phone', 'hang'), await bench.receiver('other')];
    const rules = [{ name: 'Night', quietHours: { from: '00:00', to: '23:59' } }];
    const center = await open();
    await center.saveChannel('phone', phone.settings);
    await center.saveRules([{ name: 'Now' }]);
    await center.notifier.notify(newSubject());
    await expect.poll(() => phone.sink.connections.open).toBe(1);
    await center.saveChannel('other', other.settings);
    await center.saveRules(rules);
    await center.notifier.notify(newSubject());
    await center.saveChannel('other', { ...other.settings, title: 'Changed' });
    // The same connection: nothing was begun anew.
    expect(phone.sink.connections.made).toBe(1);
    expect((await center.overview()).channels).toMatchObject([
      { name: 'phone', waiting: 1, held: 1, sendingSince: expect.any(Number), failing: null },
      { name: 'other', waiting: 0, held: 1, sendingSince: null },
    ]);
  });

  test('a channel that is removed leaves its messages as dead letters', async () => {
    const phone = await bench.receiver('phone', 'busy');
    const center = await open();
    await center.saveChannel('phone', phone.settings);
    await center.notifier.notify(newSubject());
    await center.removeChannel('phone');
    expect(await names(center)).toEqual([]);
    const [letter] = await center.notifier.deliveries();
    expect(letter).toMatchObject({ status: 'dead', channel: 'phone' });
    await expect(center.notifier.retry(letter.id)).rejects.toMatchObject({ code: 'channel_not_found' });
    await expect(center.removeChannel('phone')).rejects.toMatchObject({ code: 'channel_not_found' });
  });

  test('a test that arrives sends what waits after it', async () => {
    const phone = await bench.receiver('phone', 'busy');
    const center = await open();
    await center.saveChannel('phone', phone.settings);
    await center.notifier.notify(newSubject());
    await expect.poll(async () => (await center.overview()).channels[0].failing).not.toBeNull();
    phone.become('ok');
    expect(await center.notifier.sendTest('phone')).toMatchObject({ ok: true });
    await expect.poll(() => phone.titles().length).toBe(3);
    await expect.poll(async () => (await center.overview()).channels[0]).toMatchObject({ failing: null, waiting: 0 });
  });

  test('a test that failed is what a channel says of itself, until it takes something', async () => {
    const sink = await startSmtpSink({ behaviour: 'ok', security: 'none' });
    const mail = { kind: 'email', server: '127.0.0.1', port: sink.port, security: 'none', to: ['me@example.org'] };
    const center = await open();
    const state = async (one = center) => {
      const [{ lastDelivered, lastFailed }] = (await one.overview()).channels;
      return { lastDelivered, lastFailed };
    };
    await center.saveChannel('mail', mail);
    await bench.clock.advance(1000);
    await center.notifier.sendTest('mail');
    const works = bench.clock.now();
    expect(await state()).toEqual({ lastDelivered: works, lastFailed: null });

    // The words of messages and the switch say nothing about whether it works; the way to the server does.
    for (const change of [{ title: 'Other words' }, { enabled: false }, {}]) {
      await bench.clock.advance(1000);
      await center.saveChannel('mail', { ...mail, ...change });
      expect(await state()).toEqual({ lastDelivered: works, lastFailed: null });
    }
    await center.saveChannel('mail', { ...mail, security: 'starttls' });
    expect(await state()).toEqual({ lastDelivered: null, lastFailed: null });
    await bench.clock.advance(1000);
    expect(await center.notifier.sendTest('mail')).toMatchObject({ ok: false });
    const failed = {
      lastDelivered: null,
      lastFailed: expect.objectContaining({ test: true, ts: bench.clock.now(), code: 'delivery_refused' }),
    };
    expect(await state()).toEqual(failed);
    await center.stop();
    const again = await open();
    expect(await state(again)).toEqual(failed);

    await again.saveChannel('mail', mail);
    await bench.clock.advance(1000);
    await again.notifier.notify(newSubject());
    await expect.poll(async () => (await state(again)).lastDelivered).toBe(bench.clock.now());
    expect((await state(again)).lastFailed).toBeNull();
    // One of the same name that is made anew has a record of its own.
    await again.removeChannel('mail');
    await bench.clock.advance(1000);
    await again.saveChannel('mail', mail);
    expect(await state(again)).toEqual({ lastDelivered: null, lastFailed: null });
    await sink.close();
  });

  test('wrong settings are named field by field, and nothing is kept of them', async () => {
    const center = await open();
    const save = (input: Record<string, unknown>) => center.saveChannel('one', input);
    const fields = (...list: unknown[]) => expect.objectContaining({ code: 'invalid_fields', fields: list });
    await expect(save({ kind: 'email', to: ['me@example.org', 'nobody'] })).rejects.toEqual(
      fields({ field: 'to.1', problem: 'is not one plain e-mail address' }),
    );
    await expect(save({ kind: 'email', to: [] })).rejects.toEqual(fields({ field: 'to', problem: 'is missing' }));
    await expect(save({ kind: 'ntfy' })).rejects.toEqual(fields({ field: 'topic', problem: 'is missing' }));
    await expect(save({ kind: 'fax' })).rejects.toEqual(fields(expect.objectContaining({ field: 'kind' })));
    await expect(save({ kind: 'webhook', url: `https://a:${CANARY}@example.org/` })).rejects.toEqual(
      fields(expect.objectContaining({ field: 'url' })),
    );
    await expect(save({ kind: 'webhook', url: 'https://example.org/', token: { env: 'PATH' } })).rejects.toEqual(
      fields(expect.objectContaining({ field: 'token' })),
    );
    await expect(save({ kind: 'webhook', url: 'https://example.org/', sound: 'on' })).rejects.toEqual(
      fields({ field: 'sound', problem: 'is not a setting of this kind' }),
    );
    await expect(center.saveChannel('../one', { kind: 'ntfy', topic: 't' })).rejects.toEqual(
      fields(expect.objectContaining({ field: 'name' })),
    );
    expect(await names(center)).toEqual([]);
    expect(await bench.store.settings.read('notifications')).toBeNull();
  });
});

describe('secrets', () => {
  test('are sealed at arrival, kept while the receiver stays, and shown to nobody', async () => {
    const phone = await bench.receiver('phone');
    const center = await open();
    const webhook = { ...phone.settings, token: CANARY };
    await center.saveChannel('phone', webhook);
    const kept = { ...webhook, token: { set: true }, title: 'Again' };
    await center.saveChannel('phone', kept);
    await center.notifier.sendTest('phone');
    expect(phone.sink.received[0].headers.authorization).toBe(`Bearer ${CANARY}`);
    await expect(center.saveChannel('phone', { ...kept, url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({
      fields: [{ field: 'token', problem: 'the receiver is another: enter it again' }],
    });

    const shown = (await center.overview()).channels[0];
    expect(shown.settings).toMatchObject({ token: { set: true, from: 'store' }, title: 'Again' });
    const everywhere = [JSON.stringify(shown), bench.logged(), JSON.stringify(await center.notifier.deliveries())];
    expect(everywhere.join()).not.toContain(CANARY);
    await center.stop();
    await bench.store.close();
    for (const name of ['guardian.db', 'secret.key']) {
      const file = path.join(bench.directory, name);
      expect(readFileSync(file).includes(CANARY)).toBe(false);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });
});

describe('what stands elsewhere', () => {
  test('channels and rules of guardian.yaml are shown and cannot be changed', async () => {
    const center = await open({
      channels: [{ kind: 'ntfy', name: 'fixed', topic: 't', token: { env: 'NTFY' } }],
      rules: [{ name: 'All', channels: ['fixed'] }],
    });
    const overview = await center.overview();
    expect(overview).toMatchObject({ rulesFrom: 'file', rules: [{ name: 'All' }] });
    expect(overview.channels[0].settings).toMatchObject({ token: { set: true, from: 'environment' } });
    expect(await names(center)).toEqual(['fixed (file)']);
    const input = { kind: 'ntfy', topic: 'mine' };
    await expect(center.saveChannel('fixed', input)).rejects.toMatchObject({ code: 'channel_not_here' });
    await expect(center.removeChannel('fixed')).rejects.toMatchObject({ code: 'channel_not_here' });
    await expect(center.saveRules([])).rejects.toMatchObject({ code: 'rules_not_here' });
  });

  test('the published mail account is a channel until another mail channel is set up', async () => {
    const env = { MAIL_USER: 'me@example.org', MAIL_PASS: CANARY, ALERT_EMAIL: 'a@example.org, b@example.org' };
    const center = await open({}, { mail: mailSettingsFromEnvironment(env) });
    expect(await names(center)).toEqual(['E-mail (environment)']);
    const [{ settings }] = (await center.overview()).channels;
    expect(settings).toMatchObject({ to: ['a@example.org', 'b@example.org'], password: { set: true } });
    await expect(center.removeChannel('E-mail')).rejects.toMatchObject({
      message: expect.stringContaining('MAIL_USER'),
    });
    await center.saveChannel('phone', { kind: 'ntfy', topic: 't' });
    expect(await names(center)).toEqual(['E-mail (environment)', 'phone (page)']);
    await center.saveChannel('mine', { kind: 'email', to: ['me@example.org'] });
    expect(await names(center)).toEqual(['phone (page)', 'mine (page)']);
  });
});

describe('rules and options', () => {
  test('rules are replaced whole, checked, and protect the channels that they name', async () => {
    const phone = await bench.receiver('phone');
    const center = await open();
    await center.saveChannel('phone', phone.settings);
    await center.saveRules([{ name: 'Bad news', minSeverity: 'High', channels: ['phone'] }]);
    await expect(center.removeChannel('phone')).rejects.toMatchObject({ code: 'channel_in_use' });
    const told = await center.notifier.notify(newSubject({ severity: 'Medium' }));
    expect(told[0].reason).toBe('Rule "Bad news" does not apply: Medium is below High.');
    await expect(center.saveRules([{ name: 'x', quietHours: { from: '25:00', to: '07:00' } }])).rejects.toMatchObject({
      fields: [{ field: 'rules.0.quietHours.from', problem: 'is not a time as HH:MM' }],
    });
    await expect(center.saveRules([{ name: 'x', channels: ['gone'] }])).rejects.toMatchObject({
      fields: [{ field: 'rules.0.channels', problem: 'names "gone", which is no channel' }],
    });
    expect((await center.overview()).rules).toHaveLength(1);
    await center.saveRules([]);
    await center.removeChannel('phone');
  });

  test('machines of the own network and the time zone can be named on the page', async () => {
    const phone = await bench.receiver('phone');
    const center = await open({ lanTargets: [] });
    await center.saveChannel('phone', phone.settings);
    expect(await center.notifier.sendTest('phone')).toMatchObject({ ok: false, error: { code: 'target_refused' } });
    await center.saveOptions({ timeZone: 'Asia/Tokyo', lanTargets: [`127.0.0.1:${phone.sink.port}`] });
    expect(await center.notifier.sendTest('phone')).toMatchObject({ ok: true });
    expect(await center.overview()).toMatchObject({ timeZone: 'Asia/Tokyo', timeZoneFrom: 'page' });
    await expect(center.saveOptions({ timeZone: 'Mars/Base', lanTargets: [] })).rejects.toMatchObject({
      fields: [{ field: 'time_zone', problem: 'is not a time zone such as Europe/Berlin' }],
    });
    await expect(center.saveOptions({ timeZone: null, lanTargets: ['169.254.169.254'] })).rejects.toMatchObject({
      fields: [{ field: 'lan_targets.0', problem: 'is link-local or reserved: nothing is ever sent there' }],
    });
    await expect(center.saveOptions({ timeZone: null, lanTargets: ['http://x'] })).rejects.toMatchObject({
      fields: [{ field: 'lan_targets.0' }],
    });
  });

  test('changes that come together are all kept', async () => {
    const center = await open();
    const topics = ['a', 'b', 'c', 'd'];
    await Promise.all(topics.map((topic) => center.saveChannel(topic, { kind: 'ntfy', topic })));
    expect(await names(center)).toEqual(topics.map((topic) => `${topic} (page)`));
  });

  test('settings that cannot be read are put aside and do not stop a start', async () => {
    await bench.store.settings.write('notifications', '{"channels":[{"kind":"fax"}]}');
    const center = await open();
    expect(await names(center)).toEqual([]);
    expect(await bench.store.settings.read('notifications.unusable')).toBe('{"channels":[{"kind":"fax"}]}');
    expect(bench.logged()).toContain('put aside');
  });
});

test('a channel that takes nothing is told of on the others, once for each spell', async () => {
  const [broken, phone] = [await bench.receiver('hook', 'busy'), await bench.receiver('phone')];
  const center = await open({ channels: [broken.settings, phone.settings] });
  await center.notifier.notify(newSubject());
  await bench.clock.advance(120_000);
  await expect
    .poll(() => phone.bodies().map(({ data }) => data.text.split('\n')[0]))
    .toContainEqual(expect.stringMatching(/^The notification channel "hook" has taken nothing since 2026-10-16/));
  expect(phone.titles()).toEqual([expect.any(String), 'Guardian: the channel "hook" takes nothing']);
  expect(broken.sink.received.length).toBeGreaterThan(2);

  // A restart is no new spell, and the page still knows since when.
  const since = bench.clock.now() - 120_000;
  const failing = async (one: NotificationCenter) => (await one.overview()).channels[0].failing;
  expect(await failing(center)).toMatchObject({ since });
  await center.stop();
  const again = await open({ channels: [broken.settings, phone.settings] });
  await expect.poll(() => failing(again)).toMatchObject({ since });
  await bench.clock.advance(120_000);
  expect(phone.titles()).toHaveLength(2);

  // It works, as a test shows, and fails again: that is another one.
  broken.become('ok');
  expect(await again.notifier.sendTest('hook')).toMatchObject({ ok: true });
  await expect.poll(async () => (await again.overview()).channels[0]).toMatchObject({ waiting: 0, failing: null });
  broken.become('busy');
  await again.notifier.notify(newSubject({ kind: 'flood' }));
  await expect.poll(() => failing(again)).not.toBeNull();
  await bench.clock.advance(120_000);
  await expect.poll(() => phone.titles()).toHaveLength(4);
});
