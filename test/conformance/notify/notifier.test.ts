import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSecrets } from '../../../src/notify/transport/secret.ts';
import { until } from './manual-clock.ts';
import { arrived, hour, minute, onTestBench } from './notifier-harness.ts';
import { startSmtpSink } from './smtp-sink.ts';
import { hostileName, newSubject, noon } from './subject.ts';

const at = onTestBench();

describe('who is told', () => {
  test('without rules everything from Medium up goes to every channel, and the log says so', async () => {
    const mail = await at.bench.receiver('mail');
    const notifier = await at.bench.start({ channels: [at.phone.settings, mail.settings] });
    const alert = newSubject();
    const decisions = await notifier.notify(alert);
    expect(decisions.map(({ channel, outcome }) => [channel, outcome])).toEqual([
      ['phone', 'sent'],
      ['mail', 'sent'],
    ]);
    await arrived(at.phone, 1);
    await arrived(mail, 1);
    expect(at.phone.bodies()[0]).toMatchObject({
      type: 'guardian.alert',
      data: { alert: { id: alert.id, flows: 214 } },
    });

    await until(async () => (await notifier.deliveries({ status: 'delivered' })).length === 2, 'the delivery log');
    const { decisions: explained } = await notifier.explain(alert.id);
    expect(explained[0]).toMatchObject({
      ts: noon,
      channel: 'phone',
      reason: 'Rule "Everything from Medium up" tells it at once.',
      result: { status: 'delivered', attempts: 1, log: [{ error: null }] },
    });
    await notifier.notify(newSubject({ severity: 'Low' }));
    expect(await at.countAfter(at.phone, hour)).toBe(1);
  });

  test('rules choose by severity, kind and device, and every "no" has its reason', async () => {
    const mail = await at.bench.receiver('mail');
    const notifier = await at.bench.start({
      channels: [at.phone.settings, mail.settings],
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
    await arrived(at.phone, 1);
    expect([at.phone.titles(), mail.titles()]).toEqual([
      ['Critical: Hall camera'],
      ['Low: Hall camera', 'Critical: Hall camera'],
    ]);
  });

  test('an alert is told once, and again when it becomes more severe', async () => {
    const notifier = await at.bench.start({ channels: [at.phone.settings] });
    await notifier.notify(newSubject({ id: 'one', severity: 'Medium' }));
    expect(await notifier.notify(newSubject({ id: 'one', severity: 'Medium' }))).toMatchObject([
      { outcome: 'already-told' },
    ]);
    await notifier.notify(newSubject({ id: 'one', severity: 'Critical' }));
    await arrived(at.phone, 2);
    expect(at.phone.titles()).toEqual(['Medium: Hall camera', 'Critical: Hall camera']);
  });

  test('a channel that is switched off gets nothing, and no channel at all is said', async () => {
    const notifier = await at.bench.start({
      channels: [{ ...at.phone.settings, enabled: false }],
      rules: [{ name: 'all', channels: ['phone'] }],
    });
    expect(await notifier.notify(newSubject())).toMatchObject([
      { outcome: 'dropped', reason: 'No channel is set up and switched on.' },
    ]);
    expect(notifier.status()).toMatchObject([{ name: 'phone', enabled: false, waiting: 0 }]);
  });

  test('what Guardian says of itself goes the same way', async () => {
    const notifier = await at.bench.start({ channels: [at.phone.settings] });
    const sentence = 'Guardian cannot see traffic since 14:02: the cable or the mirror port is off.';
    const title = 'Guardian: cannot see traffic';
    const advice = ['Check the cable.'];
    await notifier.announce({ id: 'blind-1', severity: 'High', title, sentence, meaning: '', advice });
    await arrived(at.phone, 1);
    expect(at.phone.bodies()[0].data).toMatchObject({ title });
    expect(at.phone.bodies()[0].data.text).toContain(sentence);
  });

  test('names from the network are cleaned before anything is made of them', async () => {
    const notifier = await at.bench.start({ channels: [{ ...at.phone.settings, title: '{{device}}' }] });
    const alert = newSubject({ device: hostileName, sentence: hostileName, evidence: { [hostileName]: hostileName } });
    await notifier.notify(alert);
    await arrived(at.phone, 1);
    expect(at.phone.titles()[0]).toContain('\\u000D\\u000ABcc: a@evil.example\\u001B[2J\\u202E<script>');
    const stringsOf = (value: unknown): string[] =>
      typeof value === 'object' && value !== null ? Object.entries(value).flat().flatMap(stringsOf) : [String(value)];
    const hidden = stringsOf(at.phone.bodies()).filter((text) => /[\p{Cc}\p{Cf}]/u.test(text.replaceAll('\n', '')));
    expect(hidden).toEqual([]);
  });

  test('templates of a channel say it in the words of its owner', async () => {
    const notifier = await at.bench.start({
      channels: [
        {
          ...at.phone.settings,
          title: '{{ severity }} {{device}} {{constructor}}',
          text: '{{sentence}} {{time}} {{#each}}',
        },
      ],
    });
    await notifier.notify(newSubject({ device: '{{address}}', sentence: 'It did.' }));
    await arrived(at.phone, 1);
    expect(at.phone.bodies()[0].data).toMatchObject({
      title: 'High {{address}} {{constructor}}',
      text: 'It did. 2026-10-16 14:00 CEST {{#each}}',
    });
  });
});

test('a mail has the published subject, unless the owner wrote another', async () => {
  const sink = await startSmtpSink({ behaviour: 'ok', security: 'none' });
  const mail = { kind: 'email', server: '127.0.0.1', port: sink.port, security: 'none', to: ['owner@example.org'] };
  const notifier = await at.bench.start({
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
    const notifier = await at.bench.start({
      channels: [at.phone.settings],
      rules: [{ name: 'night', quietHours: night }],
    });
    const held = newSubject({ device: 'TV' });
    await notifier.notify(held);
    await notifier.notify(newSubject({ kind: 'beacon' }));
    await notifier.notify(newSubject({ severity: 'Critical' }));
    await arrived(at.phone, 1);
    expect(notifier.status()).toMatchObject([{ held: 2 }]);
    expect(await at.countAfter(at.phone, 89 * minute)).toBe(1);
    await at.bench.clock.advance(minute);
    await arrived(at.phone, 2);
    expect(at.phone.titles()).toEqual(['Critical: Hall camera', 'While it was quiet: 2 alerts']);
    expect(at.phone.bodies()[1].data.count).toBe(2);
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
    const notifier = await at.bench.start({
      channels: [at.phone.settings],
      rules: [{ name: 'night', quietHours: { ...night, afterwards: 'drop', criticalPasses: false } }],
    });
    expect(await notifier.notify(newSubject({ severity: 'Critical' }))).toMatchObject([
      { channel: 'phone', outcome: 'dropped' },
    ]);
    expect(await at.countAfter(at.phone, 3 * hour)).toBe(0);
  });

  test('a digest gathers, unless another rule tells the same channel at once', async () => {
    const notifier = await at.bench.start({
      channels: [at.phone.settings],
      rules: [
        { name: 'digest', minSeverity: 'Low', digest: { every: 'day', at: '20:00' } },
        { name: 'now', minSeverity: 'High' },
      ],
    });
    await notifier.notify(newSubject({ severity: 'Low' }));
    await notifier.notify(newSubject({ severity: 'High' }));
    await notifier.notify(newSubject({ severity: 'Medium' }));
    await arrived(at.phone, 1);
    expect(await at.countAfter(at.phone, 6 * hour - 1)).toBe(1);
    await at.bench.clock.advance(1);
    await arrived(at.phone, 2);
    expect(at.phone.titles()).toEqual(['High: Hall camera', 'Digest: 2 alerts']);
    expect(await at.countAfter(at.phone, 30 * hour)).toBe(2);
  });

  test('what nobody acknowledges is told to others, what somebody does is not', async () => {
    const boss = await at.bench.receiver('boss');
    const notifier = await at.bench.start({
      channels: [at.phone.settings, boss.settings],
      rules: [{ name: 'r', channels: ['phone'], escalate: [{ afterMinutes: 15, channels: ['boss'] }] }],
    });
    const [seen, unseen] = [newSubject({ device: 'TV' }), newSubject()];
    await notifier.notify(seen);
    await notifier.notify(unseen);
    await at.bench.clock.advance(14 * minute);
    await notifier.acknowledge(seen.id);
    expect(await at.countAfter(boss, minute)).toBe(1);
    expect(boss.titles()).toEqual(['Not yet seen by anybody: High: Hall camera']);
    expect((await notifier.explain(seen.id)).decisions).toMatchObject([
      { outcome: 'sent' },
      { outcome: 'escalation-planned', channel: 'boss', result: { status: 'cancelled', attempts: 0 } },
    ]);
  });
});

describe('the owner', () => {
  test('tests a channel at once, whatever waits for it, and is told what is wrong', async () => {
    const hanging = await at.bench.receiver('hanging', 'hang');
    const notifier = await at.bench.start({ channels: [at.phone.settings, hanging.settings] });
    expect(await notifier.sendTest('phone')).toEqual({ ok: true, seconds: 0, error: null });
    expect(at.phone.titles()).toEqual(['Home IoT Guardian: test message']);
    await notifier.notify(newSubject());
    const result = notifier.sendTest('hanging');
    await until(() => hanging.sink.connections.made === 2, 'the test beside the queue');
    await at.bench.clock.advance(10_000);
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
    const bad = await at.bench.receiver('bad', 500);
    const notifier = await at.bench.start({ channels: [at.phone.settings, bad.settings] });
    const alert = newSubject({ device: 'Secret toy' });
    await notifier.notify(alert);
    await notifier.notify(newSubject({ device: 'TV', address: '02:00:00:00:00:02' }));
    await arrived(at.phone, 2);
    await until(() => notifier.status()[1].failing !== null);
    await notifier.forgetDevice(alert.address);
    expect(await notifier.deliveries()).toHaveLength(2);
    expect((await notifier.explain(alert.id)).decisions).toEqual([]);
    expect(notifier.status()[1].waiting).toBe(1);
  });

  test('finds secrets in no log, no answer and no file', async () => {
    const canary = 'canary-4b1d-0e77';
    const keyFile = path.join(at.bench.directory, 'secret.key');
    const secrets = createSecrets({ env: {}, keyFile });
    const bad = await at.bench.receiver('bad', 403);
    const notifier = await at.bench.start(
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
    expect(JSON.stringify(answers) + at.bench.logged()).not.toContain(canary);
    expect(bad.sink.received.map(({ headers, path: to }) => `${headers.authorization} ${to}`).join()).toContain(canary);
    for (const file of readdirSync(at.bench.directory)) {
      expect(readFileSync(path.join(at.bench.directory, file), 'latin1')).not.toContain(canary);
    }
  });
});
