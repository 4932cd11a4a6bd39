/** Side records of `guardian flows`: what applications say in the clear, as JSON lines in files named as Zeek's logs. */
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createInventory, type Inventory } from '../device/inventory.ts';
import { lookupVendor } from '../device/vendor.ts';
import type { AppRecord } from '../flow/app-record.ts';
import type { Packet } from '../packet/packet.ts';

export interface SideFlags {
  dns?: boolean;
  tls?: boolean;
  devices?: boolean;
  sideDir: string;
}

export interface SideRecords {
  onApp: (record: AppRecord) => void;
  onPacket?: (packet: Packet) => void;
  /** Names of the files that were written. */
  end(): string[];
}

/** Kind of record: its file. */
const logs = { dns: 'dns.log', tls: 'ssl.log' } as const;

/** Null where no side record is asked for: then nothing of the applications is parsed. */
export function createSideRecords({ dns, tls, devices, sideDir }: SideFlags): SideRecords | null {
  const wanted = new Map<string, { file: string; handle: number }>();
  for (const [kind, name] of Object.entries(logs)) {
    if (!{ dns, tls }[kind as keyof typeof logs]) continue;
    const file = path.join(sideDir, name);
    wanted.set(kind, { file, handle: openSync(file, 'w') });
  }
  if (wanted.size === 0 && !devices) return null;
  const inventory: Inventory | null = devices ? createInventory({ lookupVendor }) : null;
  return {
    onApp(record) {
      inventory?.app(record);
      const log = wanted.get(record.kind);
      if (!log) return;
      const { kind: _, ...fields } = record;
      const named = Object.entries(fields).map(([name, value]) => [name.replace(/^id_/, 'id.'), value]);
      writeSync(log.handle, `${JSON.stringify(Object.fromEntries(named.filter(([, value]) => value !== null)))}\n`);
    },
    onPacket: inventory ? (packet) => inventory.packet(packet) : undefined,
    end() {
      const files = [...wanted.values()].map(({ file, handle }) => {
        closeSync(handle);
        return file;
      });
      if (!inventory) return files;
      const file = path.join(sideDir, 'devices.json');
      const handle = openSync(file, 'w');
      for (const device of inventory.devices()) writeSync(handle, `${JSON.stringify(device)}\n`);
      closeSync(handle);
      return [...files, file];
    },
  };
}
