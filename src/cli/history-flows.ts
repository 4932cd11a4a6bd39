/** `guardian flows --history`: what the history of a server holds, printed beside it while it runs or after. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { Settings } from '../config/schema.ts';
import { connOf } from '../device/record/flow-record.ts';
import { AppError } from '../errors.ts';
import type { Conn } from '../flow/conn.ts';
import type { FlowFilter } from '../store/history/flow.ts';
import { commandSettings } from './settings.ts';

export interface HistoryFlags {
  data?: string;
  device?: string;
  peer?: string;
  service?: string;
  port?: string;
  since?: string;
  until?: string;
  limit?: string;
}

const PAGE = 500;
const UNITS: Record<string, number> = { m: 60, h: 3600, d: 86_400, w: 604_800 };

export const defineHistoryFlags = (command: Command): Command =>
  command
    .option('--history', 'what the history of a server holds instead of reading files, newest first')
    .option('--data <dir>', 'of --history: data folder (default: home-iot-guardian in the XDG data directory)')
    .option('--device <address>', 'of --history: link-layer or IP address of a device')
    .option('--peer <end>', 'of --history: address, network or name of the other end')
    .option('--service <name>', 'of --history: application protocol')
    .option('--port <number>', 'of --history: port of either end')
    .option('--since <time>', 'of --history: 2026-03-02, 2026-03-02T17:00, or 24h, 7d before now')
    .option('--until <time>', 'of --history: as --since')
    .option('--limit <number>', 'of --history: so many connections at most');

/** Gives every connection that is asked for to `onConn`. */
export async function readHistory(flags: HistoryFlags, command: Command, onConn: (conn: Conn) => void): Promise<void> {
  const { settings } = commandSettings(command, { data: flags.data });
  const { HISTORY_FILE, openHistoryReader } = await import('../store/history/sqlite.ts');
  const most = flags.limit === undefined ? Number.POSITIVE_INFINITY : numberOf('--limit', flags.limit);
  const filter: FlowFilter = {
    peer: flags.peer,
    service: flags.service?.toLowerCase(),
    port: flags.port === undefined ? undefined : numberOf('--port', flags.port),
    since: timeOf('--since', flags.since),
    until: timeOf('--until', flags.until),
  };
  if (!existsSync(path.join(settings.data, HISTORY_FILE))) throw new AppError('no_history', {});
  if (flags.device !== undefined) Object.assign(filter, await deviceOf(settings, flags.device));
  const history = await openHistoryReader(settings.data);
  try {
    let [left, before] = [most, undefined as number | undefined];
    while (left > 0) {
      const page = await history.search(filter, { limit: Math.min(PAGE, left), before });
      for (const flow of page.flows) onConn(connOf(flow));
      left -= page.flows.length;
      if (page.before === null) break;
      before = page.before;
    }
  } finally {
    await history.close();
  }
}

/** A device by what it is known by: an address of either kind, or its name. */
async function deviceOf(
  { data: directory, store: { url } }: Settings,
  wanted: string,
): Promise<Pick<FlowFilter, 'device' | 'deviceAddresses'>> {
  const [{ openStore }, { createLog }] = await Promise.all([import('../store/open.ts'), import('../log.ts')]);
  const store = await openStore({ directory, url, log: createLog({ level: 'warn', plain: true }), shared: true });
  try {
    const lower = wanted.toLowerCase();
    for (const { mac, owner_name, body } of await store.live.devices.list()) {
      const { ips, macs, name } = JSON.parse(body) as { ips: string[]; macs?: string[]; name: string | null };
      const names = [mac, ...(macs ?? []), ...ips, owner_name, name].map((one) => one?.toLowerCase());
      if (names.includes(lower)) return { device: mac, deviceAddresses: ips };
    }
    return { device: lower };
  } finally {
    await store.close();
  }
}

function numberOf(option: string, value: string): number {
  if (/^\d{1,12}$/.test(value)) return Number(value);
  throw new AppError('bad_option', { option, value, expected: 'Give a whole number.' });
}

/** Seconds since 1970: a date, or so long before now. */
function timeOf(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const past = /^(\d+(?:\.\d+)?)([mhdw])$/.exec(value);
  const ts = past ? Date.now() / 1000 - Number(past[1]) * UNITS[past[2]] : Date.parse(value) / 1000;
  if (Number.isFinite(ts)) return ts;
  const expected = 'Give a date such as 2026-03-02T17:00, or a stretch before now such as 24h or 7d.';
  throw new AppError('bad_option', { option, value, expected });
}
