import { expect, test } from 'vitest';
import { createLog } from '../../../src/log.ts';
import { ALERT_SUBJECT } from '../../../src/notify/channel/email.ts';
import { mailSettingsFromEnvironment, type ScanMailResult, sendScanMail } from '../../../src/notify/scan-mail.ts';
import { createSecrets } from '../../../src/notify/transport/secret.ts';
import { createCertificate } from './certificate.ts';
import { alertMessage, CANARY, createHarness } from './channel-suite.ts';
import { decodeMail } from './decode-mail.ts';
import { ManualClock, until } from './manual-clock.ts';
import { type SmtpSinkOptions, startSmtpSink } from './smtp-sink.ts';
import { hostileName } from './subject.ts';

const certificate = createCertificate({ names: ['127.0.0.1'] });
const trusted = { server: '127.0.0.1', ca: certificate.cert };

/** The text part of a mail. */
const textPart = (data: string): string => {
  const part = data.slice(data.indexOf('Content-Type: text/plain')).split('\r\n----_')[0];
  return decodeMail(part)
    .replaceAll('\r\n', '\n')
    .replace(/^[\s\S]*?\n\n/, '');
};

async function mail(
  options: Partial<SmtpSinkOptions>,
  settings: Record<string, unknown> = {},
  message = alertMessage({}, ALERT_SUBJECT),
) {
  const harness = createHarness();
  const security = options.security ?? 'starttls';
  const sink = await startSmtpSink({ behaviour: 'ok', certificate, security, login: `owner:${CANARY}`, ...options });
  const login = security === 'none' ? {} : { user: 'owner', password: { env: 'CANARY' } };
  const channel = harness.open({
    kind: 'email',
    ...trusted,
    port: sink.port,
    security,
    to: ['owner@example.org'],
    ...login,
    ...settings,
  });
  const { failure } = await harness.send(channel, message);
  await sink.close();
  return { failure, received: sink.received };
}

test.each(['ssl', 'starttls'] as const)(
  'logs in, encrypted, and hands over text with HTML beside it (%s)',
  async (security) => {
    const { failure, received } = await mail({ security });
    expect(failure).toBeNull();
    const [{ from, to, login, encrypted, data }] = received;
    expect({ from, to, login, encrypted }).toEqual({
      from: 'guardian@app.com',
      to: ['owner@example.org'],
      login: `owner:${CANARY}`,
      encrypted: true,
    });
    expect(data).toMatch(/^Subject: Alert: Anomalies Detected!\r$/m);
    expect(data).toMatch(/^From: guardian@app\.com\r$/m);
    expect(data).toMatch(/^Message-ID: <message-1@home-iot-guardian>\r$/m);
    expect(data).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(data).toMatch(/multipart\/alternative/);
    expect(textPart(data)).toMatch(
      /^Home IoT Guardian - Anomaly Detection Alert\n=+\n\nHall camera tried 214 addresses/,
    );
    expect(data).toMatch(/text\/html/);
  },
);

test.each([
  ['encryption', { security: 'none' }],
  ['login', { login: undefined }],
] as const)('a server that offers no %s gets neither password nor mail', async (_, options) => {
  const { failure, received } = await mail(options, {
    security: 'starttls',
    user: 'owner',
    password: { env: 'CANARY' },
  });
  expect(failure).toMatchObject({ code: 'delivery_refused', blame: 'settings' });
  expect(received).toEqual([]);
});

test('a login that is not accepted is told in the words of the server', async () => {
  const { failure } = await mail({ behaviour: 'forbidden' });
  expect(failure).toMatchObject({
    blame: 'settings',
    message: expect.stringContaining('Username and Password not accepted'),
  });
});

test('a server that repeats the password does not bring it into our words', async () => {
  const rejection = `no ${CANARY}, ${Buffer.from(CANARY).toString('base64')}\u001b[2J`;
  const { failure } = await mail({ behaviour: 'forbidden', rejection });
  expect(failure?.message).toContain('no [secret], [secret]\\u001B');
});

test('one recipient that is refused is named, and the others get the mail once', async () => {
  const to = ['gone@example.org', 'owner@example.org'];
  const some = await mail({ refuse: ['gone@example.org'] }, { to });
  expect(some.failure).toMatchObject({
    blame: 'message',
    message: expect.stringContaining('no mail for gone@example.org'),
  });
  expect(some.received.map((one) => one.to)).toEqual([['owner@example.org']]);
  const all = await mail({ refuse: to }, { to });
  expect(all).toMatchObject({ failure: { blame: 'settings' }, received: [] });
});

test('a name from the network adds no header and no markup (E8, E9)', async () => {
  const { received } = await mail(
    {},
    { title: '{{device}}' },
    alertMessage({ device: hostileName, sentence: `${hostileName} did it.` }),
  );
  const [{ data, to }] = received;
  expect(to).toEqual(['owner@example.org']);
  const [headers] = data.split('\r\n\r\n');
  expect(headers.match(/^(To|Cc|Bcc|Subject):/gim)).toHaveLength(2);
  const html = decodeMail(data.slice(data.indexOf('text/html')));
  expect(html).not.toMatch(/<script/i);
  expect(html).toContain('&lt;script&gt;');
});

// The published mail after an upload.

const result: ScanMailResult = {
  anomalies_count: 9,
  total_samples: 991,
  percentage: 0.91,
  threshold: 0.140134,
  details: [
    { sequence_id: 9, error: 0.222107, severity: 'High', rows: '9-19' },
    { sequence_id: 40, error: 0.15, severity: 'Low', rows: '40-50' },
  ],
};
const published = `Home IoT Guardian - Anomaly Detection Alert
============================================

Anomalies Detected: 9
Total Samples Analyzed: 991
Anomaly Percentage: 0.91%

Detection Threshold: 0.140134

Top Anomalies:
--------------

Anomaly #1
  • Sequence ID: 9
  • Reconstruction Error: 0.222107
  • Severity: High
  • Rows: 9-19

Anomaly #2
  • Sequence ID: 40
  • Reconstruction Error: 0.150000
  • Severity: Low
  • Rows: 40-50

[... 7 more anomalies ...]

Action Required:
----------------
Please review the anomalous network traffic patterns.
This may indicate:
  - Malicious activity
  - Compromised IoT devices
  - Network configuration issues
  - Unusual device behavior

Timestamp: 2025-10-16 10:30:00

--
Home IoT Guardian Automated Alert System
`;

const environment = { MAIL_USER: 'owner', MAIL_PASS: CANARY, ALERT_EMAIL: 'recipient@email.com' };
const clock = () => new ManualClock(Date.UTC(2025, 9, 16, 10, 30));

async function scanMail(env: Record<string, string>, server: Record<string, unknown> = {}, time = clock()) {
  const printed: string[] = [];
  const secrets = createSecrets({ env, keyFile: '/nonexistent/key' });
  const settings = mailSettingsFromEnvironment(env, server);
  const outcome = await sendScanMail(result, settings, {
    secrets,
    clock: time,
    timers: time,
    log: createLog({ level: 'silent' }),
    print: (line) => void printed.push(line),
  });
  return { outcome, printed };
}

test('the mail after an upload has the published subject and body, and says so on the console', async () => {
  const sink = await startSmtpSink({ behaviour: 'ok', certificate, security: 'ssl', login: `owner:${CANARY}` });
  const { outcome, printed } = await scanMail(environment, { ...trusted, port: sink.port });
  expect([outcome, printed]).toEqual(['sent', ['[EMAIL] Alert sent to recipient@email.com']]);
  const [{ data, to }] = sink.received;
  expect(to).toEqual(['recipient@email.com']);
  expect(data).toMatch(/^Subject: Alert: Anomalies Detected!\r$/m);
  expect(textPart(data).trimEnd()).toBe(published.trimEnd());
  expect(data).toMatch(/text\/html/);
  await sink.close();
});

test('without settings it says so and goes on', async () => {
  const lines = [
    '[WARNING] Email not configured. Skipping email alert.',
    '[ALERT] 9 anomalies detected in 991 samples!',
  ];
  for (const missing of ['MAIL_USER', 'MAIL_PASS', 'ALERT_EMAIL']) {
    expect(await scanMail({ ...environment, [missing]: '' })).toEqual({ outcome: 'not-configured', printed: lines });
  }
});

test('a mail that cannot be sent says why, without the password, and goes on', async () => {
  const sink = await startSmtpSink({ behaviour: 'forbidden', certificate, security: 'ssl', login: 'x:y' });
  const { outcome, printed } = await scanMail(environment, { ...trusted, port: sink.port });
  expect(outcome).toBe('failed');
  expect(printed).toEqual([
    '[ERROR] Failed to send email: 127.0.0.1 refused the message: it said "535 5.7.8 Username and Password not accepted".',
    '[ALERT] 9 anomalies detected in 991 samples!',
  ]);
  expect(printed.join()).not.toContain(CANARY);
  await sink.close();
});

test('a mail server that hangs costs ten seconds at most', async () => {
  const sink = await startSmtpSink({ behaviour: 'hang', security: 'none' });
  const time = clock();
  const pending = scanMail(environment, { server: '127.0.0.1', port: sink.port, security: 'starttls' }, time);
  await until(() => sink.connections.made === 1);
  await time.advance(10_000);
  expect((await pending).printed[0]).toBe(
    '[ERROR] Failed to send email: 127.0.0.1 did not take the message within 10 seconds.',
  );
  await until(() => sink.connections.open === 0);
  await sink.close();
});

test('settings come from the published names, with the published server unless told', () => {
  expect(mailSettingsFromEnvironment(environment)).toEqual({
    server: 'smtp.gmail.com',
    port: 465,
    security: 'ssl',
    sender: 'guardian@app.com',
    user: 'owner',
    password: { env: 'MAIL_PASS' },
    to: ['recipient@email.com'],
  });
  expect(mailSettingsFromEnvironment({ ...environment, ALERT_EMAIL: 'a@b.org, c@d.org' })?.to).toEqual([
    'a@b.org',
    'c@d.org',
  ]);
  expect(() => mailSettingsFromEnvironment({ ...environment, ALERT_EMAIL: 'a@b.org\r\nBcc: x@y.org' })).toThrow(
    expect.objectContaining({ code: 'bad_setting', message: expect.stringContaining('ALERT_EMAIL') }),
  );
  expect(() => mailSettingsFromEnvironment(environment, { security: 'none' })).toThrow(
    'Setting "mail.security" (with MAIL_USER and MAIL_PASS) cannot be "none": ' +
      'A password would be readable on the way: choose "ssl" or "starttls".',
  );
  const inWords = expect.objectContaining({ message: expect.not.stringMatching(/\.\.|""/) });
  for (const wrong of [{ ALERT_EMAIL: 'nobody' }, { MAIL_USER: 'x'.repeat(300) }]) {
    expect(() => mailSettingsFromEnvironment({ ...environment, ...wrong })).toThrow(inWords);
  }
});

test('the banner of another service is not shown', async () => {
  const { createServer } = await import('node:net');
  const server = createServer((socket) => socket.on('error', () => {}).write('SSH-2.0-OpenSSH_9.2p1 secret-host\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as { port: number };
  const harness = createHarness();
  const settings = { kind: 'email', ...trusted, port, security: 'starttls', to: ['owner@example.org'] };
  const { failure } = await harness.send(harness.open(settings), alertMessage({}, ALERT_SUBJECT));
  server.close();
  expect(failure?.message).toContain('not a mail server');
  expect(failure?.message).not.toMatch(/SSH|secret/);
});
