/** A file of export messages one after the other, as they came. */
import { AppError } from '../../errors.ts';
import type { FlowInput } from '../flow-format.ts';
import type { Rows } from '../text/rows.ts';
import { Collector } from './collector.ts';
import { MAX_MESSAGE } from './message.ts';

/**
 * Bytes of the message at `at`; null where that cannot be said (yet). May be more than there is. `last`: nothing
 * follows what `view` holds.
 */
export type MessageLength = (view: DataView, at: number, last: boolean) => number | null;

/** Throws `corrupt_netflow`. */
export async function readMessages(input: FlowInput, rows: Rows, lengthOf: MessageLength): Promise<void> {
  const collector = new Collector(rows);
  let waiting = Buffer.alloc(0);
  let position = 0;
  const take = (last: boolean): void => {
    const view = new DataView(waiting.buffer, waiting.byteOffset, waiting.byteLength);
    let at = 0;
    while (at < waiting.length) {
      const length = lengthOf(view, at, last);
      if (length === null && waiting.length - at < MAX_MESSAGE && !last) break;
      if (length === null || length === 0) {
        if (collector.flows === 0 && rows.tally.stats.offered === 0)
          throw new AppError('corrupt_netflow', { file: input.name, offset: position + at });
        // What came before is good; nothing says where the next message begins.
        rows.tally.reject('netflow.lost_position', null);
        rows.tally.truncate(position + at);
        at = waiting.length;
        break;
      }
      if (at + length > waiting.length) {
        if (!last) break;
        rows.tally.truncate(position + at);
      }
      collector.message(waiting.subarray(at, Math.min(waiting.length, at + length)), input.name);
      at += length;
    }
    position += Math.min(at, waiting.length);
    waiting = waiting.subarray(Math.min(at, waiting.length));
  };
  for await (const chunk of input.chunks) {
    if (rows.tally.stats.truncated) continue;
    waiting = Buffer.concat([waiting, chunk]);
    take(false);
  }
  if (!rows.tally.stats.truncated) take(true);
  collector.flush();
}
