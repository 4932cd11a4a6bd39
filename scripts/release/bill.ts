/** What is in the release: a CycloneDX bill of materials, and the licences with their texts. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root, run } from './run.ts';

interface Bill {
  serialNumber: string;
  metadata: { timestamp: string };
  components: { name: string; version: string; licenses?: unknown }[];
}

/** npm's own, of what production installs, with the same name and time in every build. */
export function billOfMaterials(epoch: number): string {
  const args = ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only', '--loglevel=error'];
  const bill = JSON.parse(run('npm', args)) as Bill;
  bill.metadata.timestamp = new Date(1000 * epoch).toISOString();
  bill.serialNumber = '';
  const hash = createHash('sha256').update(JSON.stringify(bill)).digest('hex');
  const [, ...parts] = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(hash)!;
  // The form of a random UUID (RFC 9562), of the content.
  bill.serialNumber = `urn:uuid:${parts[0]}-${parts[1]}-4${parts[2]}-8${parts[3]}-${parts[4]}`;
  return `${JSON.stringify(bill, null, 2)}\n`;
}

interface Manifest {
  name: string;
  version: string;
  license?: string | { type: string };
}

/** Of the program and every package that it brings, Node included. */
export function licenceList(): string {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean; license?: string }>;
  };
  const places = Object.entries(lock.packages)
    .filter(([place, { dev, devOptional }]) => place !== '' && !dev && !devOptional)
    .map(([place]) => place)
    .sort();
  const parts = [section('Home IoT Guardian', 'MIT', [readFileSync(path.join(root, 'LICENSE'), 'utf8')])];
  for (const place of places) {
    const folder = path.join(root, place);
    // Node for another platform than this one: its licence is that of the one that is here.
    if (!existsSync(folder)) continue;
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
    const kind = typeof license === 'object' ? license.type : (license ?? lock.packages[place].license);
    if (kind === undefined) throw new Error(`${place} does not say its licence.`);
    const files = readdirSync(folder)
      .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
      .sort();
    parts.push(
      section(
        `${name} ${version}`,
        kind,
        files.map((file) => readFileSync(path.join(folder, file), 'utf8')),
      ),
    );
  }
  return parts.join(`\n${'-'.repeat(80)}\n\n`);
}

const section = (name: string, kind: string, texts: string[]): string =>
  `${name}: ${kind}\n${texts.map((text) => `\n${text.trim()}\n`).join('')}`;
