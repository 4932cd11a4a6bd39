/** The machine that Guardian runs on, as a device among the others. */
import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { neighbourOf } from './neighbour.ts';

const SYSFS = '/sys/class/net';

/** Link-layer addresses of this machine's interfaces, those without an IP address included. */
export function ownMacs(): Set<string> {
  const named = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ mac }) => mac));
  const macs = [...named, ...listed()].map((mac) => neighbourOf('', mac)?.mac);
  return new Set(macs.filter((mac) => mac !== undefined));
}

/** The interface of a mirror port has no IP address, so that only the system's files know it. */
function listed(): string[] {
  try {
    return readdirSync(SYSFS).flatMap(addressOf);
  } catch {
    return []; // no Linux
  }
}

function addressOf(name: string): string[] {
  try {
    return [readFileSync(`${SYSFS}/${name}/address`, 'utf8').trim()];
  } catch {
    return []; // the interface is gone since, or is no link
  }
}
