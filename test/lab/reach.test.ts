/** From a second machine: the address, the name on the network, the authority in curl and in a browser, a wrong name. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumPath, missingBrowser } from '../e2e/browser.ts';
import { makeDirectory, type Product, removeDirectory, startProduct } from '../e2e/product.ts';
import { until } from '../live.ts';
import { describeWith } from '../needs.ts';
import { createLab, type Lab, noLab } from './lab.ts';

const isThere = (program: string, ...args: string[]): boolean => spawnSync(program, args).error === undefined;
const missing =
  noLab ??
  missingBrowser ??
  (isThere('curl', '--version') ? null : 'curl') ??
  (isThere('certutil', '-H') ? null : 'certutil (Debian: libnss3-tools)');

/** Asks for a name as a device does that knows nothing but mDNS: node -e ASK NAME. */
const ASK = `
  const mdns = require('multicast-dns')();
  const [name] = process.argv.slice(1);
  mdns.on('response', ({ answers }) => {
    const found = answers.find((one) => one.name === name && one.type === 'A');
    if (!found) return;
    console.log(found.data);
    process.exit();
  });
  setInterval(() => mdns.query(name, 'A'), 500);
  setTimeout(() => process.exit(1), 30_000);`;

describeWith(missing, 'from another device', () => {
  let lab: Lab;
  let product: Product;
  let home: string;
  let port: string;
  const directory = makeDirectory();
  const inside = (program: string, ...args: string[]) =>
    spawnSync('ip', ['netns', 'exec', lab.namespace, program, ...args], { encoding: 'utf8' });
  const curl = (url: string, ...args: string[]) => inside('curl', '-sS', '--max-time', '60', ...args, url);
  const authority = () => path.join(home, 'authority.crt');

  beforeAll(async () => {
    lab = createLab();
    home = mkdtempSync(path.join(tmpdir(), 'guardian-phone-'));
    product = await startProduct(directory, {}, ['--auth', '--host', '0.0.0.0']);
    port = new URL(product.url).port;
    // As the page gives it, to a phone that does not trust it yet.
    curl(`https://${lab.address}:${port}/authority.crt`, '--insecure', '-o', authority());
  });
  afterAll(async () => {
    await product?.stop();
    lab?.remove();
    removeDirectory(directory);
    rmSync(home, { recursive: true, force: true });
  });

  test('curl trusts the downloaded authority, under the address and under the name', () => {
    const status = ['--cacert', authority(), '-w', '%{http_code} %{ssl_verify_result}', '-o', '/dev/null'];
    expect(curl(`https://${lab.address}:${port}/`, ...status).stdout).toBe('200 0');
    const named = curl(
      `https://guardian.local:${port}/`,
      ...status,
      '--resolve',
      `guardian.local:${port}:${lab.address}`,
    );
    expect(named.stdout, named.stderr).toBe('200 0');
    // Without it nothing is trusted.
    expect(curl(`https://${lab.address}:${port}/`).status).toBe(60);
  });

  test('plain HTTP leads to HTTPS, and what is sent in the clear is refused', () => {
    const answer = curl(`http://${lab.address}:${port}/alerts?a=1`, '-i').stdout;
    expect(answer).toContain('308');
    expect(answer).toContain(`location: https://${lab.address}:${port}/alerts?a=1`);
    expect(curl(`http://${lab.address}:${port}/api/v1/session`, '-d', '{}').stdout).toContain('https_required');
    expect(curl(`http://${lab.address}:${port}/api/v1/scans`, '-H', 'Authorization: Bearer x').stdout).toContain(
      'https_required',
    );
  });

  test('a wrong name is refused, in the clear and under TLS', () => {
    for (const scheme of ['http', 'https']) {
      const answer = curl(`${scheme}://${lab.address}:${port}/`, '--insecure', '-i', '-H', 'Host: evil.example');
      expect(answer.stdout).toContain('421');
      expect(answer.stdout).toContain('unknown_host');
    }
  });

  test('the network is told the name, and the address that its device can reach', () => {
    const { stdout } = inside(process.execPath, '-e', ASK, 'guardian.local');
    expect(stdout.trim()).toBe(lab.address);
  });

  test('it listens where it says, and nowhere else (E4)', () => {
    const own = (kind: string): string[] =>
      execFileSync('ss', [kind, '-l', '-n', '-p', '-H'], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes(`pid=${product.child.pid},`))
        .map((line) => line.trim().split(/\s+/)[3]);
    expect(own('-t')).toEqual([`0.0.0.0:${port}`]);
    // mDNS, a socket for each address.
    expect(new Set(own('-u'))).toEqual(new Set(['0.0.0.0:5353']));
  });

  test('a browser that trusts the authority shows no warning', async () => {
    const store = path.join(home, '.pki/nssdb');
    mkdirSync(store, { recursive: true });
    const nss = (...args: string[]) => execFileSync('certutil', ['-d', `sql:${store}`, ...args], { stdio: 'pipe' });
    nss('-N', '--empty-password');
    // The browser of another device: its program runs in the namespace, with a home of its own.
    const program = path.join(home, 'browser');
    const exec = `exec ip netns exec ${lab.namespace} ${chromiumPath} "$@"`;
    writeFileSync(program, `#!/bin/sh\nexport HOME=${home}\nunset XDG_CONFIG_HOME XDG_DATA_HOME\n${exec}\n`);
    chmodSync(program, 0o755);
    const visit = async (): Promise<string> => {
      const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
      try {
        const page = await browser.newPage();
        await page.goto(`https://${lab.address}:${port}/`, { timeout: 60_000 });
        return await page.evaluate(() => `${isSecureContext} ${location.protocol} ${document.title}`);
      } catch (error) {
        return (error as Error).message;
      } finally {
        await browser.close();
      }
    };
    expect(await visit()).toContain('ERR_CERT_AUTHORITY_INVALID');
    nss('-A', '-n', 'Guardian', '-t', 'C,,', '-i', authority());
    const seen = await until(async () => {
      const said = await visit();
      return said.startsWith('true https:') && said;
    }, 120);
    expect(seen).toContain('Home IoT Guardian');
  });
});
