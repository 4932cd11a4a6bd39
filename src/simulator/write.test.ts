import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../errors.ts';
import { companionFiles, simulateToFile } from './write.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'simulator-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Times and lengths of a pcap's records. */
function readPcap(file: string): Array<{ ts: string; captured: number; length: number }> {
  const bytes = readFileSync(file);
  expect(bytes.readUInt32LE(0)).toBe(0xa1b2c3d4);
  expect(bytes.readUInt32LE(20)).toBe(1);
  const records = [];
  let at = 24;
  while (at < bytes.length) {
    const captured = bytes.readUInt32LE(at + 8);
    const ts = `${bytes.readUInt32LE(at)}.${String(bytes.readUInt32LE(at + 4)).padStart(6, '0')}`;
    records.push({ ts, captured, length: bytes.readUInt32LE(at + 12) });
    at += 16 + captured;
  }
  expect(at).toBe(bytes.length);
  return records;
}

describe('simulateToFile', () => {
  const options = { devices: 8, hours: 0.25, seed: 3, attacks: [{ kind: 'spoofing' as const, duration: 60 }] };

  it('writes one label row per packet, and the truth', async () => {
    const file = path.join(folder, 'home.pcap');
    const progress: number[] = [];
    const summary = await simulateToFile(file, options, (fraction) => progress.push(fraction));
    const [labels, truth] = companionFiles(file);
    const records = readPcap(file);
    const [header, ...rows] = readFileSync(labels, 'utf8').trimEnd().split('\n');
    expect(header).toBe('packet,ts,label,detail,device');
    expect(rows).toHaveLength(records.length);
    rows.forEach((row, i) => {
      const [packet, ts] = row.split(',');
      if (packet !== String(i + 1) || ts !== `${records[i]!.ts}000`) throw new Error(`row ${i + 1}: ${row}`);
    });
    expect(summary.packets).toBe(records.length);
    expect(summary.malicious).toBe(rows.filter((row) => row.includes(',malicious,spoofing-arp,')).length);
    expect(summary.bytes).toBe(statSync(file).size);
    expect(progress.at(-1)).toBe(1);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);

    const [columns, episode] = readFileSync(truth, 'utf8').trimEnd().split('\n');
    expect(columns).toBe('file,onset_ts,end_ts,kinds,hosts,train');
    const [name, onset, end, kinds, hosts] = episode!.split(',');
    expect([name, kinds]).toEqual(['home.pcap', 'spoofing']);
    expect(Number(end)).toBeGreaterThan(Number(onset));
    expect(hosts!.split('|')).toHaveLength(3);
  });

  it('keeps only the first bytes of a frame when asked', async () => {
    const file = path.join(folder, 'short.pcap');
    await simulateToFile(file, { ...options, snapLength: 96 });
    const records = readPcap(file);
    expect(Math.max(...records.map(({ captured }) => captured))).toBe(96);
    expect(Math.max(...records.map(({ length }) => length))).toBeGreaterThan(1000);
  });

  it('leaves nothing behind where it fails', async () => {
    const before = readdirSync(folder).sort();
    const unwritable = path.join(folder, 'missing', 'home.pcap');
    await expect(simulateToFile(unwritable, options)).rejects.toMatchObject({ code: 'output_not_writable' });
    await expect(simulateToFile(path.join(folder, 'x.pcap'), { ...options, snapLength: 3 })).rejects.toThrow(AppError);
    expect(readdirSync(folder).sort()).toEqual(before);
    expect(existsSync(unwritable)).toBe(false);
  });
});
