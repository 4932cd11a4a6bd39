/** The system's network interfaces: the only names that a capture is ever started with. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { AppError } from '../../errors.ts';

const SYSFS = '/sys/class/net';
/** IFF_LOOPBACK of linux/if.h. */
const LOOPBACK = 0x8;

export interface LinkState {
  exists: boolean;
  /** RFC 2863 words: up, down, unknown (loopback, tunnels), …; null where the system does not say. */
  operstate: string | null;
  /** A cable or an access point is there; null while the interface is switched off, or the system does not say. */
  carrier: boolean | null;
  /** Number of the interface: another one under the same name is another interface. */
  index: number | null;
  wireless: boolean;
  bridge: boolean;
  loopback: boolean;
}

export interface LinkCounters {
  /** Received and sent since the interface came to be. */
  packets: number;
  bytes: number;
  /** Received, but lost before anybody could look at them. */
  dropped: number;
}

/** Names of all interfaces, with or without addresses. */
export function interfaceNames(): string[] {
  const named = Object.keys(networkInterfaces());
  const listed = existsSync(SYSFS)
    ? readdirSync(SYSFS).filter((name) => existsSync(path.join(SYSFS, name, 'mtu')))
    : [];
  return [...new Set([...listed, ...named])].sort();
}

/**
 * The name, when it is exactly that of a real interface. Whatever else (an option, a command, a wildcard) is refused,
 * so nothing has to be escaped. Throws AppError `no_such_interface`.
 */
export function requireInterface(name: string, known: readonly string[] = interfaceNames()): string {
  const found = known.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  const shown = JSON.stringify(name.slice(0, 40)).slice(1, -1);
  throw new AppError('no_such_interface', { interface: shown, known: known.length > 0 ? known.join(', ') : 'none' });
}

/** Only to be asked for names that `requireInterface` gave. */
export function readLink(name: string): LinkState {
  const folder = path.join(SYSFS, name);
  // Without sysfs (macOS) the list of the system is all there is.
  const exists = existsSync(SYSFS) ? existsSync(folder) : name in networkInterfaces();
  const carrier = read(name, 'carrier');
  return {
    exists,
    operstate: read(name, 'operstate'),
    carrier: carrier === null ? null : carrier === '1',
    index: numberOrNull(read(name, 'ifindex')),
    loopback: (Number(read(name, 'flags') ?? 0) & LOOPBACK) !== 0,
    wireless: existsSync(path.join(folder, 'wireless')) || existsSync(path.join(folder, 'phy80211')),
    bridge: existsSync(path.join(folder, 'bridge')),
  };
}

/** Why nothing can arrive; null where the link is in order or the system does not say. */
export function linkFault(name: string, { exists, operstate, carrier }: LinkState): string | null {
  if (!exists) return `the interface ${name} is gone`;
  if (operstate === 'down' || operstate === 'lowerlayerdown') return `the link of ${name} is down`;
  if (carrier === false) return `${name} has no carrier`;
  return null;
}

export function readCounters(name: string): LinkCounters | null {
  const sum = (...files: string[]): number =>
    files.reduce((total, file) => total + Number(read(name, path.join('statistics', file)) ?? Number.NaN), 0);
  const packets = sum('rx_packets', 'tx_packets');
  if (Number.isNaN(packets)) return null;
  return { packets, bytes: sum('rx_bytes', 'tx_bytes'), dropped: sum('rx_dropped', 'rx_missed_errors') };
}

function read(name: string, file: string): string | null {
  try {
    return readFileSync(path.join(SYSFS, name, file), 'utf8').trim();
  } catch {
    return null; // carrier cannot be read while the interface is switched off
  }
}

const numberOrNull = (text: string | null): number | null => (text === null ? null : Number(text));
