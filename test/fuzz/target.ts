import { AppError } from '../../src/errors.ts';
import type { AppRecord } from '../../src/flow/app-record.ts';
import type { Conn } from '../../src/flow/conn.ts';
import { createConnectionTable } from '../../src/flow/connection-table.ts';
import { zeekJsonLine } from '../../src/flow/zeek-log.ts';
import { decodePacket } from '../../src/packet/decode.ts';
import { FrameReader } from '../../src/source/capture/frame-reader.ts';

export interface FuzzResult {
  /** Null where the input was refused as a whole. */
  conns: Conn[] | null;
  records: AppRecord[];
}

/** A small table, so that the ways of a full one are taken too. */
const CONNECTIONS = 64;

/**
 * One input through everything that reads packets, in pieces of `piece` bytes. Throws where a promise is broken: any
 * error but an AppError, a record with a number that is none, an account that does not add up.
 */
export function runCapture(input: Uint8Array, piece = input.length): FuzzResult {
  const conns: Conn[] = [];
  const records: AppRecord[] = [];
  let decoded = 0;
  let refused = 0;
  const table = createConnectionTable({
    maxConnections: CONNECTIONS,
    onConn: (conn) => conns.push(conn),
    onApp: (record) => records.push(record),
  });
  const reader = new FrameReader((packet) => {
    if (decodePacket(packet, true)) {
      decoded++;
      table.packet(packet);
    } else refused++;
    if (table.size > CONNECTIONS) throw new Error('the table is larger than its ceiling');
  }, 'fuzz');
  try {
    for (let at = 0; at < input.length; at += piece) reader.push(input.subarray(at, at + piece));
    const stats = reader.finish();
    table.flush();
    if (decoded + refused !== stats.parsed) throw new Error('frames delivered and frames counted differ');
    const rejected = Object.values(stats.rejected).reduce((sum, count) => sum + count, 0);
    if (stats.parsed + rejected !== stats.offered) throw new Error('the account does not add up');
    if (table.size !== 0) throw new Error('connections are left after the flush');
  } catch (error) {
    if (error instanceof AppError) return { conns: null, records };
    throw error;
  }
  for (const conn of conns) checkConn(conn);
  return { conns, records };
}

function checkConn(conn: Conn): void {
  for (const [field, value] of Object.entries(conn)) {
    const isBad = typeof value === 'number' && (!Number.isFinite(value) || value < 0);
    // Clocks of captures may be before 1970 through if_tsoffset.
    if (isBad && field !== 'ts') throw new Error(`${field} is ${value} in ${zeekJsonLine(conn)}`);
  }
  if (!Number.isFinite(conn.ts)) throw new Error('ts is no number');
}
