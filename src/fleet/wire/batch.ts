/**
 * A batch on the wire: a first line that says what it is, then a line for each record, compressed. What is sent again is
 * the same, byte for byte. What arrives is read within limits: a house may be an attacker's by now.
 */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';
import type { UplinkBatch } from '../../store/uplink/index.ts';
import { recordSchema, type UplinkRecord } from '../../store/uplink/record.ts';

/** Raised when an older hub could not understand what is sent; a hub takes this and the one before. */
export const SCHEMA = 1;
/** Text of the records in one batch, before it is compressed. */
export const BATCH_BYTES = 256 * 1024;
/** A single record may be longer than a batch should be. */
const MOST_TEXT = 4 * 1024 * 1024;

const sequence = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const headSchema = z.object({
  schema: z.int().min(1),
  lane: z.enum(['alert', 'bulk']),
  /** Of the database that the numbers were counted in: a restored copy counts under another name. */
  epoch: z.string().regex(/^[\w-]{8,40}$/),
  from: sequence,
  to: sequence,
  attempt: z.int().min(1),
});
export type BatchHead = z.infer<typeof headSchema>;

const lineSchema = z.tuple([sequence, sequence, z.number().min(0), recordSchema]);
export interface WireRecord {
  first: number;
  seq: number;
  ts: number;
  record: UplinkRecord;
}

export function encodeBatch({ records, ...batch }: UplinkBatch, epoch: string): Buffer {
  const head: BatchHead = { schema: SCHEMA, epoch, ...batch };
  const lines = records.map(({ first, seq, ts, body }) => `[${first},${seq},${ts},${body}]`);
  return zstdCompressSync([JSON.stringify(head), ...lines].join('\n'));
}

export type Decoded =
  | { head: BatchHead; records: WireRecord[] }
  /** A later version has sent it: it waits for a later hub. */
  | { newer: number }
  | { bad: string; head?: BatchHead };

export function decodeBatch(payload: Uint8Array): Decoded {
  let text: string;
  try {
    text = zstdDecompressSync(payload, { maxOutputLength: MOST_TEXT }).toString('utf8');
  } catch {
    return { bad: `it is not a compressed batch of at most ${MOST_TEXT / 1024 / 1024} MiB` };
  }
  const [first, ...lines] = text.split('\n');
  const { schema } = (parse(first) ?? {}) as { schema?: unknown };
  if (typeof schema === 'number' && schema > SCHEMA) return { newer: schema };
  const head = headSchema.safeParse(parse(first));
  if (!head.success) return { bad: 'its first line is not one of a batch' };
  const records: WireRecord[] = [];
  let next = head.data.from;
  for (const line of lines) {
    const row = lineSchema.safeParse(parse(line));
    if (!row.success) return { bad: `record ${next} is not one that a house tells`, head: head.data };
    const [from, seq, ts, record] = row.data;
    if (from !== next || seq < from) return { bad: `record ${seq} does not follow ${next - 1}`, head: head.data };
    if (seq > from && record.kind !== 'lost') return { bad: `record ${seq} stands for others`, head: head.data };
    records.push({ first: from, seq, ts, record });
    next = seq + 1;
  }
  if (next !== head.data.to + 1) return { bad: `it ends before record ${head.data.to}`, head: head.data };
  return { head: head.data, records };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
