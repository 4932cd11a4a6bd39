/** Text as a file of its own, read through openSource. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { AppError } from '../../src/errors.ts';
import type { Conn } from '../../src/flow/conn.ts';
import { type OpenOptions, openSource } from '../../src/source/open-source.ts';
import type { SourceStats } from '../../src/source/source.ts';

export const folder = mkdtempSync(path.join(tmpdir(), 'guardian-source-'));
afterAll(() => rmSync(folder, { recursive: true }));

export async function read(
  content: string | Uint8Array,
  options: OpenOptions = {},
  name = 'input.csv',
): Promise<{ conns: Conn[]; stats: SourceStats; format: string }> {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const source = await openSource(file, { name, ...options });
  if (source.kind !== 'flows') throw new Error(`a capture: ${source.format}`);
  const conns: Conn[] = [];
  return { format: source.format, stats: await source.read((conn) => conns.push(conn)), conns };
}

export async function refusal(
  content: string | Uint8Array,
  options: OpenOptions = {},
  name?: string,
): Promise<AppError> {
  const error = await read(content, options, name).then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  return error;
}

export const HEADER = 'ts,orig_pkts,resp_pkts,orig_bytes,resp_bytes,label';
export const row = (i: number): string => `${1_634_567_890 + i}.5,${10 + i},8,1200,850,benign`;
export const table = (rows: string[], eol = '\n'): string => [HEADER, ...rows].join(eol) + eol;
export const good = Array.from({ length: 12 }, (_, i) => row(i));

/** Without the ids, which also depend on the row's number. */
export const values = (conns: Conn[]): Omit<Conn, 'uid'>[] => conns.map(({ uid: _, ...rest }) => rest);
