/** What is published is what it says that it is, and the same commit gives the same bytes. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, inject, test } from 'vitest';
import { root } from '../cli/guardian.ts';
import { describeWith } from '../needs.ts';
import { buildRelease } from './build.ts';
import { missingPrograms } from './machine.ts';

const at = (name: string): string => path.join(inject('release'), name);
const named = (ending: string): string => readdirSync(inject('release')).find((name) => name.endsWith(ending))!;
const hash = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

function sumsOf(folder: string): Map<string, string> {
  const lines = readFileSync(path.join(folder, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
  return new Map(lines.map((line) => line.split('  ').toReversed() as [string, string]));
}

describeWith(missingPrograms('dpkg-deb', 'openssl'), 'the release', () => {
  test('its checksums are right, and name every file', () => {
    const sums = sumsOf(inject('release'));
    for (const [name, sum] of sums) expect([name, hash(at(name))]).toEqual([name, sum]);
    const files = readdirSync(inject('release')).filter(
      (name) => !name.startsWith('SHA256SUMS') && !name.endsWith('.sig'),
    );
    expect([...sums.keys()].sort()).toEqual(files.sort());
  });

  // One that was made before was signed with a key of its own.
  const isOurs = process.env.GUARDIAN_RELEASE === undefined;
  test.skipIf(!isOurs)(
    'checksums and bill of materials are signed, and a changed byte shows (needs a release made here)',
    () => {
      const key = createPublicKey(readFileSync(inject('releaseKey')));
      for (const name of ['SHA256SUMS', named('.cdx.json')]) {
        const [content, signature] = [readFileSync(at(name)), readFileSync(at(`${name}.sig`))];
        expect([name, verify(null, content, key, signature)]).toEqual([name, true]);
        content[100] ^= 1;
        expect([name, verify(null, content, key, signature)]).toEqual([name, false]);
      }
    },
  );

  test('the bill of materials and the licences name every library that is inside', () => {
    const bill = JSON.parse(readFileSync(at(named('.cdx.json')), 'utf8'));
    const licences = readFileSync(at('LICENCES.txt'), 'utf8');
    expect([bill.bomFormat, bill.metadata.component.name]).toEqual(['CycloneDX', 'home-iot-guardian']);
    const known = new Map(
      bill.components.map(({ name, version }: { name: string; version: string }) => [name, version]),
    );
    const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    for (const [name, version] of Object.entries(dependencies)) {
      expect([name, known.get(name)]).toEqual([name, version]);
      expect(licences).toContain(`${name} ${version}: `);
    }
    expect([...known.keys()]).not.toContain('vitest');
    expect(licences).not.toMatch(/: (undefined|UNLICENSED)$/m);
  });

  test('made again, it has the same bytes', () => {
    const again = mkdtempSync(path.join(tmpdir(), 'guardian-again-'));
    buildRelease(again, ['--arch', 'amd64']);
    const first = sumsOf(inject('release'));
    for (const [name, sum] of sumsOf(again)) expect([name, sum]).toEqual([name, first.get(name)]);
    rmSync(again, { recursive: true });
  });
});
