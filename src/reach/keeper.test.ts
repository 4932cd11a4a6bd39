/** Certificates: what an authority signs, when they are made again, and what OpenSSL's own chain check says of them. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { createLog } from '../log.ts';
import { makeAuthority, makeServerCertificate } from './certificate.ts';
import { type CertificateKeeper, openCertificateKeeper } from './keeper.ts';

const DAY_MS = 86_400_000;
let directory: string;
let now: number;
let hosts: string[];
let logged: string;
const opened: CertificateKeeper[] = [];
const clock: Clock = { now: () => now, monotonic: () => now };

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'guardian-reach-'));
  now = Date.now();
  hosts = ['guardian.local', '192.168.1.5', 'fd00::2'];
  logged = '';
});
afterEach(() => {
  for (const keeper of opened.splice(0)) keeper.close();
  rmSync(directory, { recursive: true });
});

async function open(own: { certificate?: string; key?: string } = {}): Promise<CertificateKeeper> {
  const log = createLog({
    level: 'debug',
    destination: {
      write: (line) => {
        logged += line;
      },
    },
  });
  const options = { directory, certificate: '', key: '', hosts: () => hosts, log, clock, ...own };
  const keeper = await openCertificateKeeper(options);
  opened.push(keeper);
  return keeper;
}

/** Whether a client that trusts the authority takes the server under that name. */
async function isTaken(server: { cert: string; key: string }, ca: string, servername: string): Promise<string> {
  const listening = createServer(server).listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  const { port } = listening.address() as AddressInfo;
  const outcome = await new Promise<string>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', ca, servername }, () => resolve('taken'));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.message));
    socket.on('secureConnect', () => socket.end());
  });
  listening.close();
  return outcome;
}

test('the authority is made once, for ten years, and its key is for nobody else', async () => {
  const first = (await open()).authority!;
  const again = (await open()).authority!;
  expect(again).toEqual(first);
  expect((first.expires - now) / DAY_MS / 365.25).toBeCloseTo(10, 1);
  expect(first.fingerprint).toBe(new X509Certificate(first.certificate).fingerprint256);
  for (const name of ['authority.key', 'server.key']) {
    expect(statSync(path.join(directory, 'tls', name)).mode & 0o777).toBe(0o600);
  }
  expect(logged).not.toContain('PRIVATE KEY');
});

test('a server certificate is good for 397 days, and made again with time to spare', async () => {
  const keeper = await open();
  const { cert } = keeper.current();
  const { validTo, validFrom, subjectAltName } = new X509Certificate(cert);
  expect(Math.round((Date.parse(validTo) - Date.parse(validFrom)) / DAY_MS)).toBe(397);
  for (const host of ['DNS:guardian.local', 'DNS:localhost', 'IP Address:192.168.1.5', 'IP Address:127.0.0.1']) {
    expect(subjectAltName).toContain(host);
  }
  let renewed = 0;
  keeper.onRenew(() => renewed++);
  now += 300 * DAY_MS;
  await keeper.look();
  expect(renewed).toBe(0);
  now += 40 * DAY_MS;
  await keeper.look();
  expect(renewed).toBe(1);
  expect(keeper.current().cert).not.toBe(cert);
  // What a restart finds is what is served.
  expect((await open()).current()).toEqual(keeper.current());
});

test('another address or name is taken up; one that is gone may come back', async () => {
  const keeper = await open();
  const { cert } = keeper.current();
  hosts = ['guardian.local', 'fd00::2'];
  await keeper.look();
  expect(keeper.current().cert).toBe(cert);
  hosts = ['guardian.local', '10.0.0.9'];
  await keeper.look();
  const { subjectAltName } = new X509Certificate(keeper.current().cert);
  expect(subjectAltName).toContain('10.0.0.9');
  expect(await isTaken(keeper.current(), keeper.authority!.certificate, 'guardian.local')).toBe('taken');
});

test('the authority vouches for names of a home and of its owner, and a stolen key for no others', async () => {
  const authority = await makeAuthority('A test', ['guardian.example.org'], now);
  const { certificate } = authority;
  for (const [name, outcome] of [
    ['guardian.local', 'taken'],
    ['guardian.example.org', 'taken'],
    ['www.bank.example', 'permitted subtree violation'],
    ['example.org', 'permitted subtree violation'],
  ]) {
    const { certificate: cert, key } = await makeServerCertificate(authority, [name], now);
    const said = await isTaken({ cert, key }, certificate, name);
    expect([name, said]).toEqual([name, outcome]);
  }
});

test('a name that was set later is left out, and the log says what to do', async () => {
  await open();
  hosts = ['guardian.local', 'guardian.example.org'];
  const keeper = await open();
  expect(new X509Certificate(keeper.current().cert).subjectAltName).not.toContain('example.org');
  expect(logged).toContain('does not vouch for it. Delete');
});

test('a clock that is not set yet replaces nothing for good', async () => {
  const { authority } = await open();
  now = 5 * DAY_MS;
  expect((await open()).authority).toEqual(authority);
  now = Date.now();
  const keeper = await open();
  expect(keeper.authority).toEqual(authority);
  expect(await isTaken(keeper.current(), authority!.certificate, 'guardian.local')).toBe('taken');
});

test('half a file is made again', async () => {
  const { current } = await open();
  writeFileSync(path.join(directory, 'tls/server.crt'), current().cert.slice(0, 300));
  const keeper = await open();
  expect(await isTaken(keeper.current(), keeper.authority!.certificate, 'guardian.local')).toBe('taken');
});

test("the owner's certificate is used, followed when it is renewed, and named when it is wrong", async () => {
  const authority = await makeAuthority('Mine', [], now);
  const files = { certificate: path.join(directory, 'my.crt'), key: path.join(directory, 'my.key') };
  const put = async () => {
    const made = await makeServerCertificate(authority, ['nas.lan'], now);
    writeFileSync(files.certificate, made.certificate);
    writeFileSync(files.key, made.key);
  };
  await put();
  const keeper = await open(files);
  expect(keeper.authority).toBeNull();
  expect(keeper.current().cert).toBe(readFileSync(files.certificate, 'utf8'));
  await put();
  await keeper.look();
  expect(keeper.current().cert).toBe(readFileSync(files.certificate, 'utf8'));
  writeFileSync(files.key, (await makeAuthority('Other', [], now)).key);
  await expect(open(files)).rejects.toMatchObject({ code: 'bad_certificate' });
  await expect(open({ ...files, key: '' })).rejects.toMatchObject({ code: 'bad_certificate' });
});
