/** E-mail: the published subject, text with an HTML part beside it. */
import { z } from 'zod';
import type { Message } from '../message/message.ts';
import { escapeHtml } from '../transport/plain-text.ts';
import { secretSchema } from '../transport/secret.ts';
import { mailAddress, mailServerSettings, sendMail } from '../transport/smtp.ts';
import { defineChannel } from './define-channel.ts';

/** As published; a template of the channel replaces it. */
export const ALERT_SUBJECT = 'Alert: Anomalies Detected!';
const HEADING = 'Home IoT Guardian - Anomaly Detection Alert';
const SIGNATURE = 'Home IoT Guardian Automated Alert System';

/** What Guardian says of itself is no anomaly. */
const isAlert = ({ type, alert }: Message): boolean =>
  (type === 'alert' || type === 'escalation') && alert?.kind !== 'notice';

/** The published frame around the message; that of a scan has it already. */
export function mailText(message: Message): string {
  if (message.type === 'scan') return message.text;
  const heading = isAlert(message) ? HEADING : message.title;
  const evidence = evidenceOf(message).map(([name, text]) => `  ${name}: ${text}`);
  const listed = evidence.length > 0 ? ['', 'Evidence:', ...evidence] : [];
  return [heading, '='.repeat(44), '', message.text, ...listed, '', '--', SIGNATURE, ''].join('\n');
}

/** The numbers behind the sentence, as the page of the alert lists them. */
const evidenceOf = ({ alert }: Message): [name: string, text: string][] =>
  alert?.facts?.map(({ name, text }) => [name, text]) ?? [];

/** The sentence comes first: it is what a phone shows of a mail before it is opened. */
export function mailHtml(message: Message): string {
  const [first, ...rest] = message.text.split('\n');
  const lines = rest.map((line) => `${escapeHtml(line)}<br>`).join('\n');
  const rows = evidenceOf(message).map(
    ([name, text]) => `<tr><th align="left">${escapeHtml(name)}</th><td>${escapeHtml(text)}</td></tr>`,
  );
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8">',
    '<body style="font-family: sans-serif; line-height: 1.5; max-width: 40em">',
    `<p style="font-size: 1.15em"><strong>${escapeHtml(first)}</strong></p>`,
    `<p>${lines}</p>`,
    ...(rows.length > 0 ? ['<table style="border-spacing: 1em 0">', ...rows, '</table>'] : []),
    `<hr><p style="color: #666">${SIGNATURE}</p>`,
    '</body></html>',
  ].join('\n');
}

export const email = defineChannel({
  kind: 'email',
  label: 'E-mail',
  title: ALERT_SUBJECT,
  settings: z
    .strictObject({
      ...mailServerSettings,
      user: z.string().max(254).optional().describe('Who logs in; for Gmail your address.'),
      password: secretSchema.optional().describe('Its password; for Gmail an app password.'),
      to: z.array(mailAddress).min(1).max(20).meta({ title: 'Recipients' }).describe('Who gets the mails.'),
    })
    .refine(({ security, password }) => security !== 'none' || !password, {
      error: 'A password would be readable on the way: choose "ssl" or "starttls".',
      path: ['security'],
    })
    .refine(({ user, password }) => Boolean(user) === Boolean(password), {
      error: 'A login needs both, user and password.',
      path: ['user'],
    }),

  create: ({ user, password, to, ...server }, { reveal, clock }) => ({
    async send(message, signal) {
      const login = user && password ? { user, password: reveal(password) } : undefined;
      await sendMail(
        { ...server, login },
        {
          to,
          subject: message.title,
          text: mailText(message),
          html: mailHtml(message),
          id: message.id,
          date: new Date(clock.now()),
          urgent: message.severity === 'Critical',
        },
        signal,
      );
    },
  }),
});
