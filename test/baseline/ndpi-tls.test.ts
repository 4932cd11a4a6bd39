import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { TlsSession } from '../../src/flow/app-record.ts';
import { flowsFromCapture } from '../../src/source/capture/flows-from-capture.ts';
import { describeWith, missingShared, sharedFolder } from '../needs.ts';

const data = sharedFolder('data/ndpi');

interface Seen {
  flow: string;
  ja4: string | null;
  ja3s: string | null;
  serverName: string | null;
}

const field = (line: string, name: string): string | null =>
  new RegExp(`\\[${name}: ([^\\]]*?)(?: [^\\]]*)?\\]`).exec(line)?.[1] ?? null;

/** Flows of a result file that carry a TLS fingerprint. */
function readSeen(file: string): Seen[] {
  const lines = readFileSync(`${data}result/${file}.out`, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const match = /^\t\d+\t\S+ (\S+) (?:<->|->) (\S+?) ?\[/.exec(line);
    const [ja4, ja3s] = [field(line, 'JA4'), field(line, 'JA3S')];
    if (match === null || (ja4 === null && ja3s === null)) return [];
    const serverName = field(line, 'Hostname/SNI');
    return [{ flow: flowKey(match[1], match[2]), ja4, ja3s, serverName }];
  });
}

const flowKey = (a: string, b: string): string =>
  [a, b]
    .map((end) => end.replaceAll(/[[\]]/g, ''))
    .sort()
    .join(' ');

async function readOurs(file: string): Promise<Map<string, TlsSession>> {
  const sessions = new Map<string, TlsSession>();
  const onApp = (record: { kind: string }) => {
    if (record.kind !== 'tls') return;
    const session = record as TlsSession;
    const { id_orig_h, id_orig_p, id_resp_h, id_resp_p } = session;
    const key = flowKey(`${id_orig_h}:${id_orig_p}`, `${id_resp_h}:${id_resp_p}`);
    if (!sessions.has(key)) sessions.set(key, session);
  };
  await flowsFromCapture(`${data}pcap/${file}`, { ignoreChecksums: true, onApp }, () => {});
  return sessions;
}

/**
 * The parts of a JA4 that both derive by the same rules: transport, version, counts, and both hashes. nDPI writes the
 * first two letters of the ALPN where the specification asks for first and last, and has its own idea of the SNI flag.
 */
const comparable = (ja4: string): string => {
  const [head, ...hashes] = ja4.split('_');
  return [head.slice(0, 3), head.slice(4, 8), ...hashes].join(' ');
};

/** nDPI takes the name from the mail server's greeting; the hello behind STARTTLS has none. */
const namedByGreeting = new Set(['smtp-starttls.pcap']);

describeWith(missingShared('data/ndpi'), 'TLS and QUIC hellos against nDPI', () => {
  it('fingerprints and server names are the same', async () => {
    let flows = 0;
    const missing: string[] = [];
    const different: string[] = [];
    for (const file of readdirSync(`${data}pcap`)) {
      const seen = readSeen(file);
      if (seen.length === 0) continue;
      const ours = await readOurs(file);
      for (const { flow, ja4, ja3s, serverName } of seen) {
        flows++;
        const session = ours.get(flow);
        if (session === undefined) {
          missing.push(`${file} ${flow}`);
          continue;
        }
        if (ja4 !== null && comparable(ja4) !== comparable(session.ja4))
          different.push(`${file} ${ja4} ${session.ja4}`);
        if (ja3s !== null && session.ja3s !== null && ja3s !== session.ja3s) different.push(`${file} JA3S ${flow}`);
        const names = [serverName, session.server_name];
        if (namedByGreeting.has(file)) continue;
        if (ja4 !== null && serverName !== null && names[0] !== names[1]) different.push(`${file} ${names.join(' ')}`);
      }
    }
    expect(different).toEqual([]);
    expect(flows).toBeGreaterThan(200);
    // DTLS and Facebook's own QUIC are not looked into.
    expect(missing.length / flows).toBeLessThan(0.06);
  });
});
