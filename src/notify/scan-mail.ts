/** The published mail after an upload with anomalies: its text, its fallbacks on the console, its settings. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { type Severity, severityRank } from '../alert/severity.ts';
import { AppError } from '../errors.ts';
import { ALERT_SUBJECT, email } from './channel/email.ts';
import type { Attempt } from './delivery/delivery.ts';
import type { Message } from './message/message.ts';
import { type AttemptTools, attempt } from './transport/attempt.ts';
import { escapeHtml, plainLine } from './transport/plain-text.ts';
import type { Secrets } from './transport/secret.ts';
import { sendMail } from './transport/smtp.ts';

/** What the mail tells; the fields of the published upload result. */
export interface ScanMailResult {
  anomalies_count: number;
  total_samples: number;
  /** 100 * anomalies_count / total_samples. */
  percentage: number;
  threshold: number;
  details: readonly { sequence_id: number; error: number; severity: Severity; rows: string }[];
}

export type EmailSettings = z.output<typeof email.settings>;
type MailServerOptions = Partial<Pick<EmailSettings, 'server' | 'port' | 'security' | 'sender' | 'ca'>>;

/**
 * Mail settings from the published names MAIL_USER, MAIL_PASS (or MAIL_PASS_FILE) and ALERT_EMAIL (several with commas);
 * null when one of them is missing. Throws AppError `bad_setting`.
 */
export function mailSettingsFromEnvironment(
  env: Record<string, string | undefined>,
  server: MailServerOptions = {},
): EmailSettings | null {
  const { MAIL_USER: user, ALERT_EMAIL: recipients } = env;
  if (!user || !recipients || !(env.MAIL_PASS || env.MAIL_PASS_FILE)) return null;
  const to = recipients.split(',').map((address) => address.trim());
  const parsed = email.settings.safeParse({ ...server, user, password: { env: 'MAIL_PASS' }, to });
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  const key = String(path[0]);
  const given: Record<string, string> = { to: recipients, user, ...stringsOf(server) };
  throw new AppError('bad_setting', {
    name: { to: 'ALERT_EMAIL', user: 'MAIL_USER' }[key] ?? `mail.${key}`,
    value: plainLine(given[key] ?? '', 100),
    // It stands in guardian.yaml or the environment, and is wrong only together with these.
    where: key in server ? 'with MAIL_USER and MAIL_PASS' : 'environment',
    // Some are sentences of their own.
    reason: message.replace(/\.$/, ''),
    expected: 'docs/notifications.md says what each of the mail settings may be.',
  });
}

const stringsOf = (options: object): Record<string, string> =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)]));

export interface ScanMailTools extends Omit<AttemptTools, 'redact'> {
  secrets: Secrets;
  /** Writes a line on the console. */
  print: (line: string) => void;
  /** Is given what was sent, or was not, and how that went. */
  record?: (message: Message, attempt: Attempt) => void;
}

/** One attempt within ten seconds; says on the console what became of it, in the published words. Never rejects. */
export async function sendScanMail(
  result: ScanMailResult,
  settings: EmailSettings | null,
  { secrets, print, record, ...tools }: ScanMailTools,
): Promise<'sent' | 'failed' | 'not-configured'> {
  if (!settings) {
    print('[WARNING] Email not configured. Skipping email alert.');
    print(inWords(result));
    return 'not-configured';
  }
  const { user, password, to, ...server } = settings;
  const date = new Date(tools.clock.now());
  const message = composeScanMail(result, date);
  const { id, title: subject, text } = message;
  const send = (signal: AbortSignal): Promise<void> => {
    const login = user && password ? { user, password: secrets.reveal(password) } : undefined;
    const urgent = message.severity === 'Critical';
    const mail = { to, subject, text, html: scanMailHtml(result, date), id, date, urgent };
    return sendMail({ ...server, login }, mail, signal);
  };
  const { seconds, failure } = await attempt(server.server, send, { ...tools, redact: secrets.redact });
  const error = failure && { code: failure.code, message: failure.message, hint: failure.hint };
  record?.(message, { ts: date.getTime(), seconds, error });
  if (!failure) {
    print(`[EMAIL] Alert sent to ${to.join(', ')}`);
    return 'sent';
  }
  print(`[ERROR] Failed to send email: ${plainLine(failure.message, 500)}`);
  print(inWords(result));
  return 'failed';
}

const inWords = ({ anomalies_count, total_samples }: ScanMailResult): string =>
  `[ALERT] ${anomalies_count} anomalies detected in ${total_samples} samples!`;

function composeScanMail(result: ScanMailResult, date: Date): Message {
  const [worst] = result.details.toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity));
  return {
    id: randomUUID(),
    type: 'scan',
    severity: worst?.severity ?? 'Low',
    ts: Math.floor(date.getTime() / 1000),
    title: ALERT_SUBJECT,
    text: scanMailText(result, date),
    alert: null,
    briefs: [],
    count: result.anomalies_count,
  };
}

/** Anomalies that the mail lists, the worst first. */
const LISTED = 10;

const worstOf = ({ details }: ScanMailResult): ScanMailResult['details'] =>
  details.toSorted((a, b) => b.error - a.error).slice(0, LISTED);

/** As the published application writes it: UTC without a zone. */
const toTimestamp = (date: Date): string => date.toISOString().slice(0, 19).replace('T', ' ');

/** The published body. */
export function scanMailText(result: ScanMailResult, date: Date): string {
  const { anomalies_count, total_samples, percentage, threshold } = result;
  const worst = worstOf(result);
  const more = anomalies_count - worst.length;
  return [
    'Home IoT Guardian - Anomaly Detection Alert',
    '============================================',
    '',
    `Anomalies Detected: ${anomalies_count}`,
    `Total Samples Analyzed: ${total_samples}`,
    `Anomaly Percentage: ${percentage.toFixed(2)}%`,
    '',
    `Detection Threshold: ${threshold.toFixed(6)}`,
    '',
    'Top Anomalies:',
    '--------------',
    '',
    ...worst.flatMap(({ sequence_id, error, severity, rows }, i) => [
      `Anomaly #${i + 1}`,
      `  • Sequence ID: ${sequence_id}`,
      `  • Reconstruction Error: ${error.toFixed(6)}`,
      `  • Severity: ${severity}`,
      `  • Rows: ${plainLine(rows, 50)}`,
      '',
    ]),
    ...(more > 0 ? [`[... ${more} more anomalies ...]`, ''] : []),
    'Action Required:',
    '----------------',
    'Please review the anomalous network traffic patterns.',
    'This may indicate:',
    '  - Malicious activity',
    '  - Compromised IoT devices',
    '  - Network configuration issues',
    '  - Unusual device behavior',
    '',
    `Timestamp: ${toTimestamp(date)}`,
    '',
    '--',
    'Home IoT Guardian Automated Alert System',
    '',
  ].join('\n');
}

/** The same in a form that reads well on a phone. */
function scanMailHtml(result: ScanMailResult, date: Date): string {
  const { anomalies_count, total_samples, percentage, threshold } = result;
  const cells = (tag: string, ...texts: (string | number)[]): string =>
    `<tr>${texts.map((text) => `<${tag} align="left">${escapeHtml(String(text))}</${tag}>`).join('')}</tr>`;
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8">',
    '<body style="font-family: sans-serif; line-height: 1.5; max-width: 40em">',
    '<h1 style="font-size: 1.3em">Home IoT Guardian - Anomaly Detection Alert</h1>',
    `<p><strong>${anomalies_count}</strong> anomalies in ${total_samples} samples (${percentage.toFixed(2)}%),`,
    `detection threshold ${threshold.toFixed(6)}.</p>`,
    '<table cellpadding="4">',
    cells('th', 'Sequence ID', 'Reconstruction Error', 'Severity', 'Rows'),
    ...worstOf(result).map(({ sequence_id, error, severity, rows }) =>
      cells('td', sequence_id, error.toFixed(6), severity, plainLine(rows, 50)),
    ),
    '</table>',
    '<p>Please review the anomalous network traffic patterns. This may indicate malicious activity, compromised IoT',
    'devices, network configuration issues or unusual device behavior.</p>',
    `<p style="color: #666">${toTimestamp(date)} · Home IoT Guardian Automated Alert System</p>`,
    '</body></html>',
    '',
  ].join('\n');
}
