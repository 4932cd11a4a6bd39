import { counted, lasting, said, service, sized, ticking } from '../fact.ts';
import { defineWords, disconnect, neverBefore, update } from './kind-words.ts';
import { bytes, clock, count } from './phrase.ts';

/** Weak signs that another machine controls a device, by the names that the rule gives them. */
export const signs: Readonly<Record<string, string>> = {
  'no-lookup': 'nobody looked up a name for the address',
  'never-named': 'nobody has looked up a name for the address in ten minutes',
  'dynamic-name': 'the name is one that moves from address to address',
  'nameless-tls': 'it greets with TLS and names no server',
  'odd-tls': 'it greets nobody else with TLS like this',
  'self-signed': 'the certificate is signed by itself',
  'expired-certificate': 'the certificate has expired',
  'other-certificate': 'the certificate is for another name',
  'no-tls': 'the port of a secure service carries something else',
  'other-protocol': 'the protocol is not that of the port',
  'odd-port': 'the port is not that of the service',
  'unknown-protocol': 'the port and what is said there belong to no known service',
  'bare-http': 'it asks by HTTP for a bare address',
  'bare-post': 'it sends data by HTTP to a bare address',
  executable: 'a program was downloaded',
  'plain-agent': 'it asks by HTTP and does not say which program it is',
  clock: 'it returns like a clock',
  'keep-alive': 'small messages of one size keep the connection alive',
  'long-session': 'a connection of an unknown kind stays open for more than an hour',
  'one-sided': 'it sends and hardly receives',
  shell: 'what is sent reads like a command line',
  'admin-share': 'administration shares of another computer were opened',
  'remote-service': 'the services of another computer were managed',
  refused: 'the other end refuses its calls',
  unanswered: 'the other end never answers its calls',
  'file-upload': 'files were sent by FTP',
  'web-command': 'a web request carries a command',
  'web-shell': 'a web page answers like a command line',
  irc: 'it enters a chat by IRC, as bots do',
};

const named = (list: string): string[] =>
  list
    .split(' ')
    .filter(Boolean)
    .map((sign) => signs[sign] ?? sign.replaceAll('-', ' '));

export const remoteControl = defineWords<'remote-control'>({
  title: 'Remote control',
  severity: 'High',
  telling: 6,
  coolDown: 86_400,
  words({ evidence, since }, context) {
    const { name, target } = context;
    const { bytes_out, bytes_in, connections } = evidence;
    const [first = 'its connections look like no others', ...others] = named(evidence.signs).slice(0, 3);
    return {
      sentence: `${name} may be controlled by ${target}: ${[first, ...others].join(', ')}. Since ${clock(since)} UTC it sent ${bytes(bytes_out)} and received ${bytes(bytes_in)} in ${count(connections, 'connection')}. ${neverBefore(context)}`,
      meaning:
        'Each sign alone is harmless; together they are what remote-control malware looks like. A help desk or an unusual app can look the same.',
      advice: [`Ask whether somebody uses remote help or a new program on ${name}.`, disconnect(name), update(name)],
    };
  },
  facts: ({ port, connections, bytes_out, bytes_in, seconds, period, jitter, ...evidence }) => [
    ...named(evidence.signs).map((sign, i) => said(`Sign ${i + 1}`, sign)),
    service(port),
    counted('Connections', connections),
    sized('Sent', bytes_out),
    sized('Received', bytes_in),
    lasting('Within', seconds),
    ...(period === undefined ? [] : [ticking('Every', period)]),
    ...(jitter === undefined ? [] : [ticking('Varies by', jitter)]),
  ],
});
