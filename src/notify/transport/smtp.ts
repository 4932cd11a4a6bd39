/** One mail over SMTP: connect, secure, log in, hand over, close; everything ends with the signal. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { type Blame, DeliveryError, toDeliveryError } from './delivery-error.ts';
import { plainLine } from './plain-text.ts';
import { certificateAuthority } from './shared-setting.ts';

/** One plain address: no names, comments or lists, in which an address could hide from a reader. */
export const mailAddress = z
  .string()
  .max(254)
  .regex(/^[^\s@<>()[\]",;:\\]{1,64}@[\w.-]+$/, { error: 'is not one plain e-mail address' });

/** The published defaults: Gmail over TLS. */
export const mailServerSettings = {
  server: z
    .string()
    .max(255)
    .regex(/^[\w.:-]+$/, { error: 'is not a name or an address of a server' })
    .default('smtp.gmail.com')
    .describe('Mail server.'),
  port: z.number().int().min(1).max(65535).default(465).describe('Its port: 465 for "ssl", 587 for "starttls".'),
  security: z
    .enum(['ssl', 'starttls', 'none'])
    .default('ssl')
    .describe('"ssl" from the first byte, "starttls" or nothing, or "none": then nobody logs in.'),
  sender: mailAddress.default('guardian@app.com').describe('Address that mails come from.'),
  ca: certificateAuthority,
};

export interface MailServer {
  server: string;
  port: number;
  security: 'ssl' | 'starttls' | 'none';
  sender: string;
  ca?: string;
  /** Who logs in; without it nobody does. */
  login?: { user: string; password: string };
}

export interface Mail {
  to: readonly string[];
  subject: string;
  text: string;
  html: string;
  /** Makes the Message-ID, so that a mail that arrives twice is one mail. */
  id: string;
  date: Date;
  urgent: boolean;
}

/** Rejects with AppError `delivery_refused`, `delivery_unreachable` or `delivery_untrusted`, or the signal's reason. */
export async function sendMail(server: MailServer, mail: Mail, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: server.server,
    port: server.port,
    secure: server.security === 'ssl',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    auth: server.login && { user: server.login.user, pass: server.login.password },
    // A server that offers no login must not get the mail without one.
    forceAuth: server.login !== undefined,
    tls: { minVersion: 'TLSv1.2', ca: server.ca },
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { rejected } = await transport.sendMail({
      from: { name: '', address: server.sender },
      to: mail.to.map((address) => ({ name: '', address })),
      subject: plainLine(mail.subject, 200),
      text: mail.text,
      html: mail.html,
      messageId: `<${mail.id}@home-iot-guardian>`,
      date: mail.date,
      priority: mail.urgent ? 'high' : 'normal',
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      signal,
    });
    if (rejected && rejected.length > 0) {
      const reason = `no mail for ${rejected.join(', ')}`;
      // The others have it: another attempt would only send it to them again.
      throw new DeliveryError('delivery_refused', { target: server.server, reason }, { blame: 'message' });
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : toMailError(error, server.server);
  } finally {
    transport.close();
  }
}

/** What nodemailer adds to its errors; `command` is CONN until the server has greeted. */
interface SmtpError {
  responseCode?: number;
  response?: string;
  code?: string;
  command?: string;
}

function toMailError(error: unknown, target: string): AppError {
  if (error instanceof AppError) return error;
  const { responseCode, response, code, command } = error as SmtpError;
  const refused = (reason: string, blame: Blame): AppError =>
    new DeliveryError('delivery_refused', { target, reason }, { blame, cause: error });
  const failed = toDeliveryError(error, target);
  if (failed.code === 'delivery_untrusted') return failed;
  if (code === 'ETLS' || /STARTTLS/.test(String(error))) return refused('it offers no encryption', 'settings');
  // What greets in another way is not shown: a test of a channel would read the banners of a whole network.
  if (command === 'CONN' && response !== undefined && !/^\d{3}[ -]/.test(response)) {
    return refused('what answers there is not a mail server', 'settings');
  }
  if (command === 'CONN' && responseCode) return refused(`it greeted with ${responseCode}`, 'receiver');
  const addressed = code === 'EAUTH' || code === 'EENVELOPE';
  if (responseCode) {
    const blame = responseCode < 500 ? 'receiver' : addressed ? 'settings' : 'message';
    return refused(`it said "${plainLine(response ?? String(responseCode), 200)}"`, blame);
  }
  if (addressed || code === 'ENOAUTH') return refused('it offers no way to log in', 'settings');
  return failed;
}
