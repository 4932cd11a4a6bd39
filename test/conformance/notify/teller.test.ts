/** What the server tells of live alerts, from the published mail settings and a broker to the console. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Alert } from '../../../src/alert/alert.ts';
import type { LiveAlert } from '../../../src/api/contract.ts';
import { createOwnerNotifier, type OwnerNotifier } from '../../../src/app/owner-notifier.ts';
import { loadSettings } from '../../../src/config/load.ts';
import { createLog } from '../../../src/log.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';
import type { Store } from '../../../src/store/store.ts';
import { outcome } from '../../server.ts';
import { createCertificate } from './certificate.ts';
import { decodeMail } from './decode-mail.ts';
import { startMqttSink } from './mqtt-sink.ts';
import { closedPort, type Sink } from './sink.ts';
import { type ReceivedMail, startSmtpSink } from './smtp-sink.ts';
import { hostileName, newSubject } from './subject.ts';

const account = { MAIL_USER: 'owner@example.org', MAIL_PASS: 'app-password-1234', ALERT_EMAIL: 'family@example.org' };
const certificate = createCertificate({ names: ['localhost'] });
const address = '02:00:5e:00:00:01';

const newAlert = (overrides: Partial<LiveAlert> = {}): LiveAlert => {
  const { id: _, kind: __, ...subject } = newSubject({ address, severity: 'High' });
  const { raised_ts = 10, updated_ts = raised_ts, ...rest } = overrides;
  const live = { id: 7, kind: 'scan', status: 'open', mac: address, hosts: ['192.168.1.9'] } as const;
  return { ...subject, ...live, hosts: [...live.hosts], facts: [], raised_ts, updated_ts, ...rest };
};

/** As a scan tells of it: with no number of its own. */
const scanned = (): Alert => {
  const { id: _, kind: __, ...alert } = newSubject({ address, severity: 'High' });
  return { ...alert, kind: 'scan' };
};

let directory: string;
let store: Store;
let smtp: Sink<ReceivedMail>;
let printed: () => string;
const tellers: OwnerNotifier[] = [];

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'guardian-teller-'));
  store = await openSqliteStore({ directory, log: createLog({ level: 'silent' }) });
  const login = `${account.MAIL_USER}:${account.MAIL_PASS}`;
  smtp = await startSmtpSink({ behaviour: 'ok', security: 'ssl', certificate, login });
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  printed = () => write.mock.calls.map(([text]) => String(text)).join('');
});
afterEach(async () => {
  await Promise.all(tellers.splice(0).map((teller) => teller.stop()));
  await Promise.all([smtp.close(), store.close()]);
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

async function open(
  env: Record<string, string> = {},
  notifications: object = {},
  demo = false,
): Promise<OwnerNotifier> {
  const { settings } = loadSettings({ env: {}, directory });
  settings.data = directory;
  Object.assign(settings.mail, { server: 'localhost', port: smtp.port, ca: certificate.cert });
  Object.assign(settings.notifications, notifications);
  const teller = await createOwnerNotifier({ settings, env, log: createLog({ level: 'silent' }), store, demo });
  tellers.push(teller);
  return teller;
}

describe('the published mail settings', () => {
  test('are enough for a mail about a live alert, and the console says so', async () => {
    const teller = await open(account);
    teller.alerted(newAlert());
    await expect.poll(() => smtp.received).toHaveLength(1);
    const mail = decodeMail(smtp.received[0].data);
    expect(mail).toContain('Subject: Alert: Anomalies Detected!');
    expect(mail).toContain('tried 214 addresses on port 23');
    await expect.poll(printed).toContain('[EMAIL] Alert sent to family@example.org\n');
    teller.alerted(newAlert({ updated_ts: 20 }));
    for (let i = 21; i < 30; i++) teller.alerted(newAlert({ updated_ts: i }));
    teller.alerted(newAlert({ updated_ts: 30, severity: 'Critical' }));
    await expect.poll(() => smtp.received).toHaveLength(2);
    expect((await teller.center.notifier.explain('alert-7')).decisions.map(({ outcome }) => outcome)).toEqual([
      'sent',
      'already-told',
      'sent',
    ]);
  });

  test('that lead nowhere: the published lines, once for each message, and it is tried again', async () => {
    await smtp.close();
    // It speaks no TLS.
    smtp = await startSmtpSink({ behaviour: 'ok', security: 'none' });
    const teller = await open(account);
    teller.alerted(newAlert());
    await expect.poll(printed, { timeout: 15_000 }).toMatch(/\[ERROR\] Failed to send email: .+\n\[ALERT\] .+\n/);
    const [mail] = teller.center.notifier.status();
    expect(mail).toMatchObject({ name: 'E-mail', waiting: 1, failing: { code: 'delivery_unreachable' } });
    expect(printed()).not.toContain(account.MAIL_PASS);
  });

  test('that have become wrong while a mail waited: the next start says so and goes on', async () => {
    await smtp.close();
    smtp = await startSmtpSink({ behaviour: 'ok', security: 'none' });
    const before = await open(account);
    before.alerted(newAlert());
    await expect.poll(() => before.center.notifier.status()[0].failing).not.toBeNull();
    await before.stop();
    const { MAIL_PASS: _, ...rest } = account;
    const teller = await open({ ...rest, MAIL_PASS_FILE: path.join(directory, 'nothing-there') });
    await expect
      .poll(() => teller.center.notifier.status()[0].failing)
      .toMatchObject({ code: 'secret_missing', message: expect.stringContaining('nothing-there') });
  });

  test('that are missing: the console is told, and nothing stops', async () => {
    const teller = await open({ ...account, MAIL_PASS: '' });
    teller.alerted(newAlert({ sentence: `${hostileName} tried 3 passwords.` }));
    teller.alerted(newAlert({ id: 8 }));
    teller.alerted(newAlert({ id: 8, updated_ts: 50 }));
    await expect.poll(printed).toContain('tried 214');
    expect(printed().match(/\[WARNING\] Email not configured\. Skipping email alert\.\n/g)).toHaveLength(1);
    expect(printed().match(/^\[ALERT\] /gm)).toHaveLength(2);
    // The name comes from the network: no line of its own, no escape sequence.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(printed()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test('are not used where another channel of the owner fails: that one says so itself', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`;
    const channels = [{ kind: 'webhook', name: 'script', url, enabled: true }];
    const teller = await open({}, { channels, lanTargets: ['127.0.0.1'] });
    teller.alerted(newAlert());
    await expect.poll(() => teller.center.notifier.status()[0].failing).not.toBeNull();
    expect(printed()).toBe('');
  });
});

describe('the mail after an upload', () => {
  const scan = () => outcome({ anomalies_count: 9, total_samples: 991, alerts: [scanned()] });
  const own = () => ({
    ...{ kind: 'email', name: 'Family', server: 'localhost', port: smtp.port, security: 'ssl', ca: certificate.cert },
    ...{ sender: 'me@example.org', to: ['family@example.org'], enabled: true },
  });
  const logged = async (teller: OwnerNotifier) => {
    const { deliveries } = teller.center.notifier;
    return (await deliveries()).map(({ channel, type, status, scan: of }) => ({ channel, type, status, scan: of }));
  };

  test('is in the delivery log, sent or not, and can be sent again', async () => {
    const working = smtp;
    smtp = await startSmtpSink({ behaviour: 'ok', security: 'none' });
    const teller = await open(account);
    teller.scanned(3, scan());
    await expect
      .poll(printed)
      .toMatch(/\[ERROR\] Failed to send email: .+\n\[ALERT\] 9 anomalies detected in 991 samples!\n/);
    await expect.poll(() => logged(teller)).toEqual([{ channel: 'E-mail', type: 'scan', status: 'dead', scan: 3 }]);
    const [shown] = (await teller.center.overview()).channels;
    expect(shown).toMatchObject({ lastDelivered: null, lastFailed: { code: 'delivery_unreachable', test: false } });
    await teller.stop();
    await smtp.close();

    smtp = working;
    const again = await open(account);
    const [letter] = await again.center.notifier.deliveries();
    await again.center.notifier.retry(letter.id);
    await expect.poll(() => smtp.received).toHaveLength(1);
    const mail = decodeMail(smtp.received[0].data);
    expect(mail.match(/Home IoT Guardian - Anomaly Detection Alert\s+=/g)).toHaveLength(1);
    expect(mail).toContain('Anomalies Detected: 9');
    again.scanned(4, scan());
    await expect
      .poll(() => logged(again))
      .toEqual([
        { channel: 'E-mail', type: 'scan', status: 'delivered', scan: 4 },
        { channel: 'E-mail', type: 'scan', status: 'delivered', scan: 3 },
      ]);
    expect((await again.center.overview()).channels[0].lastFailed).toBeNull();
  });

  test('is in the log under the name of the account where that is no channel', async () => {
    const teller = await open(account, { channels: [own()] });
    teller.scanned(3, outcome({ alerts: [] }));
    await expect
      .poll(() => logged(teller))
      .toEqual([{ channel: 'E-mail', type: 'scan', status: 'delivered', scan: 3 }]);
    expect((await teller.center.overview()).channels).toMatchObject([{ name: 'Family', lastDelivered: null }]);
  });

  test('is not missed on the console where a mail channel of the owner tells of the scan', async () => {
    await smtp.close();
    smtp = await startSmtpSink({ behaviour: 'ok', security: 'ssl', certificate });
    const teller = await open({}, { channels: [own()] });
    teller.scanned(3, scan());
    await expect.poll(printed).toBe('[EMAIL] Alert sent to family@example.org\n');
    // Nothing of it reaches that channel: then the console is told.
    teller.scanned(4, { ...scan(), alerts: [{ ...scanned(), severity: 'Low' }] });
    await expect
      .poll(printed)
      .toBe(
        '[EMAIL] Alert sent to family@example.org\n' +
          '[WARNING] Email not configured. Skipping email alert.\n[ALERT] 9 anomalies detected in 991 samples!\n',
      );
  });
});

describe('the risk of a device', () => {
  test('follows its open alerts, in Home Assistant as well', async () => {
    const broker = await startMqttSink('ok');
    const channels = [{ kind: 'mqtt', name: 'ha', url: `mqtt://127.0.0.1:${broker.port}`, enabled: true }];
    // As the settings are after parsing.
    const parsed = channels.map((one) => ({ ...one, topic: 'guardian', discovery: true, discoveryTopic: 'ha' }));
    const teller = await open({}, { channels: parsed });
    const risks = () =>
      broker.received.filter(({ topic }) => topic.endsWith('02_00_5e_00_00_01/risk')).map(({ payload }) => payload);
    teller.met({ address, name: 'Hall camera' });
    await expect.poll(risks).toEqual(['None']);
    teller.alerted(newAlert({ id: 1, severity: 'Medium' }));
    teller.alerted(newAlert({ id: 2, severity: 'Critical' }));
    for (let i = 0; i < 9; i++) teller.alerted(newAlert({ id: 2, severity: 'Critical', sentence: `It tried ${i}.` }));
    teller.alerted(newAlert({ id: 2, severity: 'Critical', status: 'acknowledged' }));
    teller.alerted(newAlert({ id: 1, severity: 'Medium', status: 'expected' }));
    await expect.poll(risks).toEqual(['None', 'Medium', 'Critical', 'Medium', 'None']);
    await teller.forgot(address);
    await expect.poll(() => broker.received.at(-1)?.payload).toBe('');
    await teller.stop();
    await broker.close();
  });

  test('is taken up after a restart without telling anybody again', async () => {
    const teller = await open(account);
    teller.resume([newAlert()]);
    const [first] = await teller.center.notifier.deliveries();
    expect(first).toBeUndefined();
    teller.alerted(newAlert({ id: 8 }));
    await expect.poll(() => smtp.received).toHaveLength(1);
  });
});

test('a demo tells nobody of what it simulates', async () => {
  const channels = [{ kind: 'webhook', name: 'script', url: 'https://example.org/', enabled: true }];
  const teller = await open(account, { channels, rules: [{ name: 'r', channels: ['script'] }] }, true);
  teller.alerted(newAlert());
  expect((await teller.center.overview()).channels).toEqual([]);
  await expect.poll(printed).toContain('[ALERT] Hall camera tried 214 addresses');
  expect(smtp.connections.made).toBe(0);
});

test('an alert that somebody looks after is not escalated', async () => {
  const teller = await open(account);
  await teller.center.saveRules([{ name: 'All', escalate: [{ afterMinutes: 1, channels: ['E-mail'] }] }]);
  teller.alerted(newAlert());
  await expect.poll(() => smtp.received).toHaveLength(1);
  teller.alerted(newAlert({ status: 'acknowledged' }));
  teller.alerted(newAlert({ id: 9, status: 'expected' }));
  await expect
    .poll(async () => (await teller.center.notifier.deliveries()).map(({ type, status }) => `${type} ${status}`))
    .toEqual(expect.arrayContaining(['escalation cancelled', 'alert delivered']));
  teller.alerted(newAlert({ status: 'acknowledged', severity: 'Critical' }));
  await expect.poll(() => smtp.received).toHaveLength(2);
});
