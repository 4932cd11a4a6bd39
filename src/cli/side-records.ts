/** Side records of `guardian flows`: what applications say in the clear, as JSON lines in files named as Zeek's logs. */
import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createInventory, type Inventory } from '../device/inventory.ts';
import { lookupVendor } from '../device/vendor.ts';
import { AppError } from '../errors.ts';
import type { AppRecord } from '../flow/app-record.ts';
import type { PacketWatcher } from '../flow/station-counts.ts';

export interface SideFlags {
  dns?: boolean;
  tls?: boolean;
  devices?: boolean;
  sideDir: string;
  /** Replace files that are there already. */
  force?: boolean;
}

export interface SideRecords {
  onApp: (record: AppRecord) => void;
  watcher?: PacketWatcher;
  /** Names of the files that were written; none where there were no packets. */
  end(sawPackets: boolean): string[];
}

/** Kind of record: its file. */
const logs = { dns: 'dns.log', tls: 'ssl.log' } as const;

/** Characters gathered before a write. */
const BUFFER = 1 << 16;

/** JSON lines in a file that is made with the first of them. Throws AppError file_exists and output_not_writable. */
class JsonFile {
  readonly file: string;
  readonly #flags: string;
  #handle: number | null = null;
  #pending = '';

  constructor(folder: string, name: string, force = false) {
    this.file = path.join(folder, name);
    this.#flags = force ? 'w' : 'wx';
    // Zeek's own logs have these names: said before anything is read, and the opening makes sure of it.
    if (!force && existsSync(this.file)) throw this.#exists();
  }

  open(): number {
    this.#handle ??= this.#attempt(() => {
      mkdirSync(path.dirname(this.file), { recursive: true });
      return openSync(this.file, this.#flags);
    });
    return this.#handle;
  }

  write(value: object): void {
    this.open();
    this.#pending += `${JSON.stringify(value)}\n`;
    if (this.#pending.length >= BUFFER) this.#flush();
  }

  end(): string {
    const handle = this.open();
    this.#flush();
    closeSync(handle);
    return this.file;
  }

  #flush(): void {
    const handle = this.open();
    // A disk that gets full takes a part: the rest fails with the reason.
    for (let bytes = Buffer.from(this.#pending); bytes.length > 0; ) {
      bytes = bytes.subarray(this.#attempt(() => writeSync(handle, bytes)));
    }
    this.#pending = '';
  }

  #attempt(work: () => number): number {
    try {
      return work();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' && existsSync(this.file)) throw this.#exists(error);
      throw new AppError('output_not_writable', { file: this.file, reason: code ?? message }, { cause: error });
    }
  }

  #exists(cause?: unknown): AppError {
    return new AppError('side_file_exists', { file: this.file }, { cause });
  }
}

/** Null where no side record is asked for: then nothing of the applications is parsed. */
export function createSideRecords({ dns, tls, devices, sideDir, force }: SideFlags): SideRecords | null {
  const wanted = { dns, tls };
  const kinds = (['dns', 'tls'] as const).filter((kind) => wanted[kind]);
  const files = new Map<string, JsonFile>(kinds.map((kind) => [kind, new JsonFile(sideDir, logs[kind], force)]));
  if (files.size === 0 && !devices) return null;
  const inventory: Inventory | null = devices ? createInventory({ lookupVendor }) : null;
  const deviceFile = devices ? new JsonFile(sideDir, 'devices.json', force) : null;
  return {
    onApp(record) {
      inventory?.app(record);
      const { kind, ...fields } = record;
      const file = files.get(kind);
      if (file === undefined) return;
      const named = Object.entries(fields).map(([name, value]) => [name.replace(/^id_/, 'id.'), value]);
      file.write(Object.fromEntries(named.filter(([, value]) => value !== null)));
    },
    watcher: inventory ?? undefined,
    end(sawPackets) {
      if (!sawPackets) return [];
      for (const device of inventory?.devices() ?? []) deviceFile?.write(device);
      return [...files.values(), ...(deviceFile === null ? [] : [deviceFile])].map((file) => file.end());
    },
  };
}
