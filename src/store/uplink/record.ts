/** What a house tells its hub, one kind a line; the hub takes each by this schema and nothing else. */
import { z } from 'zod';

const seconds = z.number().min(0).max(1e11);
const word = z.string().max(200);
const json = z.string().max(512 * 1024);

export const recordSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('alert'),
    episode: word,
    type: word,
    severity: word,
    mac: word.nullable(),
    hosts: z.string().max(64 * 1024),
    raised: seconds,
    updated: seconds,
    body: json,
  }),
  z.object({ kind: z.literal('status'), episode: word, status: word }),
  z.object({ kind: z.literal('device'), mac: word, last_seen: seconds, body: json }),
  z.object({ kind: z.literal('forget'), mac: word }),
  z.object({ kind: z.literal('gap'), from: seconds, to: seconds.nullable(), reason: word }),
  z.object({ kind: z.literal('hello'), version: word, started: seconds }),
  /** In place of records that had to make room: how many, and how long they were. */
  z.object({ kind: z.literal('lost'), records: z.int().min(1), bytes: z.int().min(0) }),
]);
export type UplinkRecord = z.infer<typeof recordSchema>;
