/** A mail server as RFC 5321 has it, with STARTTLS (RFC 3207) and AUTH (RFC 4954), as far as a client can tell. */
import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { TestCertificate } from './certificate.ts';
import { type Behaviour, drip, listen, type Sink } from './sink.ts';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers and body as they came, lines with CRLF. */
  data: string;
  /** "user:password", where somebody logged in. */
  login: string | null;
  encrypted: boolean;
}

export interface SmtpSinkOptions {
  behaviour: Behaviour;
  /** For TLS from the first byte, or after STARTTLS. */
  certificate?: TestCertificate;
  security: 'ssl' | 'starttls' | 'none';
  /** "user:password" that is accepted; without it no login is offered. */
  login?: string;
  /** What it says to a login that it does not accept. */
  rejection?: string;
  /** Refused recipients. */
  refuse?: string[];
}

export async function startSmtpSink(options: SmtpSinkOptions): Promise<Sink<ReceivedMail>> {
  const { behaviour, security, certificate } = options;
  const received: ReceivedMail[] = [];
  const onConnection = (socket: Socket): void => {
    if (behaviour === 'hang') socket.resume();
    else if (behaviour === 'drip') drip(socket.resume(), '220 ');
    else talk(socket, options, security === 'ssl', received, true);
  };
  return { ...(await listen(onConnection, security === 'ssl' ? certificate : undefined)), received };
}

function talk(
  socket: Socket,
  options: SmtpSinkOptions,
  encrypted: boolean,
  received: ReceivedMail[],
  greet: boolean,
): void {
  const { behaviour, security, certificate, login, refuse = [] } = options;
  let mail: ReceivedMail = { from: '', to: [], data: '', login: null, encrypted };
  let collected = '';
  let collecting = false;
  const say = (line: string): void => void socket.write(`${line}\r\n`);

  const command = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') {
      const offers = [
        ...(security === 'starttls' && !encrypted ? ['STARTTLS'] : []),
        ...(login && (encrypted || security === 'none') ? ['AUTH PLAIN LOGIN'] : []),
      ];
      const lines = ['sink at your service', ...offers];
      for (const [i, offer] of lines.entries()) say(`250${i < lines.length - 1 ? '-' : ' '}${offer}`);
    } else if (verb === 'STAR' && security !== 'starttls') {
      say('502 not here');
    } else if (verb === 'STAR') {
      say('220 go ahead');
      socket.removeAllListeners('data');
      const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(certificate) });
      secure.on('error', () => {});
      talk(secure, options, true, received, false);
    } else if (verb === 'AUTH') {
      const [, user, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .split('\0');
      const known = behaviour !== 'forbidden' && `${user}:${password}` === login;
      if (known) mail.login = `${user}:${password}`;
      say(known ? '235 welcome' : `535 5.7.8 ${options.rejection ?? 'Username and Password not accepted'}`);
    } else if (verb === 'MAIL') {
      mail.from = /<(.*?)>/.exec(line)?.[1] ?? '';
      say(behaviour === 'busy' ? '451 4.3.2 try again later' : '250 fine');
    } else if (verb === 'RCPT') {
      const to = /<(.*?)>/.exec(line)?.[1] ?? '';
      const refused = refuse.includes(to);
      if (!refused) mail.to.push(to);
      say(refused ? '550 5.1.1 no such mailbox' : '250 fine');
    } else if (verb === 'DATA') {
      collecting = true;
      say('354 end with a dot');
    } else if (verb === 'QUIT') {
      say('221 bye');
      socket.end();
    } else say('250 fine');
  };

  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    collected += chunk;
    for (;;) {
      const end = collected.indexOf(collecting ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const part = collected.slice(0, end);
      collected = collected.slice(end + (collecting ? 5 : 2));
      if (!collecting) {
        command(part);
        continue;
      }
      collecting = false;
      received.push({ ...mail, data: part });
      mail = { from: '', to: [], data: '', login: mail.login, encrypted };
      say('250 taken');
    }
  });
  if (greet) say('220 sink ready');
}
