import type { DeviceEvent } from '../../src/device/device.ts';
import { createInventory, type Inventory, type InventoryOptions } from '../../src/device/inventory.ts';
import { AppError } from '../../src/errors.ts';
import type { AppRecord } from '../../src/flow/app-record.ts';
import type { Conn } from '../../src/flow/conn.ts';
import type { ConnectionTableOptions } from '../../src/flow/table/connection-table.ts';
import { zeekJsonLine } from '../../src/flow/write/zeek-log.ts';
import type { Packet } from '../../src/packet/packet.ts';
import { loadFlowKernel } from '../../src/source/capture/flow-kernel.ts';
import { type CaptureStats, flowsFromCapture } from '../../src/source/capture/flows-from-capture.ts';
import { inPieces } from '../capture/write-capture.ts';

/** A small table and a small inventory, so that the ways of full ones are taken too. */
const CONNECTIONS = 64;
const DEVICES = 16;

export interface Ways {
  table?: Partial<ConnectionTableOptions>;
  inventory?: InventoryOptions;
}

/**
 * One input through everything that reads packets: once the long way in pieces of `piece` bytes, once through the
 * compiled fast path and in one piece, which counts for the devices what it does not show; both have to come to the
 * same. Throws where a promise is broken: any error but an AppError, a record with a number that is none, an account
 * that does not add up. Gives the connections, or the code under which the input was refused. `looksInside`: what
 * applications say is parsed too.
 */
export async function runCapture(
  input: Uint8Array,
  piece = input.length,
  looksInside = true,
  ways: Ways = {},
): Promise<Conn[] | string> {
  const long = await read(input, piece, undefined, looksInside, ways);
  // How much comes out of a damaged archive depends on the pieces that go in.
  const isPacked = input[0] === 0x1f && input[1] === 0x8b;
  const fast = await read(input, isPacked ? piece : input.length, loadFlowKernel(), looksInside, ways);
  const differs = difference(long.account, fast.account);
  if (differs !== null) throw new Error(differs);
  if (long.refused !== null) return long.refused;
  for (const conn of long.conns) checkConn(conn);
  return long.conns;
}

async function read(
  input: Uint8Array,
  piece: number,
  kernel: WebAssembly.Module | undefined,
  looksInside: boolean,
  ways: Ways,
) {
  const conns: Conn[] = [];
  const records: AppRecord[] = [];
  const events: DeviceEvent[] = [];
  const inventory = createInventory({
    maxDevices: DEVICES,
    ...ways.inventory,
    onEvent: (event) => events.push(event),
  });
  const onApp = (record: AppRecord): void => {
    records.push(record);
    inventory.app(record);
  };
  const options = {
    kernel,
    onApp: looksInside ? onApp : undefined,
    maxConnections: CONNECTIONS,
    hashSeed: 1,
    ...ways.table,
    ...(kernel === undefined
      ? { onPacket: (packet: Packet) => void inventory.packet(packet) }
      : { watcher: inventory }),
  };
  let refused: string | null = null;
  let stats: CaptureStats | null = null;
  try {
    const source = inPieces(input, Math.max(1, piece));
    // It asserts itself that every packet is accounted for.
    stats = await flowsFromCapture(source, options, (conn) => conns.push(conn));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    refused = error.code;
  }
  // How far a damaged capture was read before the damage was seen depends on the pieces.
  const lines = [refused, JSON.stringify({ ...stats, bytes: 0 }), ...conns.map((conn) => zeekJsonLine(conn).trim())];
  return {
    conns,
    refused,
    account: [...lines, ...[...records, ...events].map((record) => JSON.stringify(record)), ...told(inventory)],
  };
}

/**
 * What an inventory says, but for when an address was last seen, and so their order: of packets that are only counted
 * it does not know.
 */
function told(inventory: Inventory): string[] {
  const devices = inventory.devices().map(({ ips, addresses, ...device }) => {
    const owned = addresses.map(({ last_seen: _, ...address }) => JSON.stringify(address));
    return JSON.stringify({ ...device, addresses: owned.sort() });
  });
  const { facts: _, ...counters } = inventory.counters;
  const kept = inventory.save().map(({ mac, facts }) => JSON.stringify([mac, facts]));
  return [...devices, ...kept, JSON.stringify(counters)];
}

/** The first line in which two accounts differ, for the message. */
function difference(long: readonly (string | null)[], fast: readonly (string | null)[]): string | null {
  for (let i = 0; i < Math.max(long.length, fast.length); i++) {
    if (long[i] !== fast[i]) return `the fast path says\n${fast[i]}\nand not\n${long[i]}`;
  }
  return null;
}

function checkConn(conn: Conn): void {
  for (const [field, value] of Object.entries(conn)) {
    const isBad = typeof value === 'number' && (!Number.isFinite(value) || value < 0);
    // Clocks of captures may be before 1970 through if_tsoffset.
    if (isBad && field !== 'ts') throw new Error(`${field} is ${value} in ${zeekJsonLine(conn)}`);
  }
  if (!Number.isFinite(conn.ts)) throw new Error('ts is no number');
}
