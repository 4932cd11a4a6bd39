/** Describes a small machine and its load, read from /proc, /sys and the search path below a root folder. */
import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import path from 'node:path';

export const captureTools = ['dumpcap', 'tcpdump', 'nmap', 'arp-scan', 'ssh'] as const;
export type CaptureTool = (typeof captureTools)[number];

export interface Machine {
  /** "Raspberry Pi 5 Model B Rev 1.0"; null where the machine does not say. */
  readonly model: string | null;
  /** In Node's words: arm64, x64, arm, … */
  readonly architecture: string;
  readonly cores: number;
  readonly memoryBytes: number | null;
  /** Degrees Celsius. */
  readonly temperature: number | null;
  /** Null where the machine does not tell (only Raspberry Pis do). */
  readonly throttling: Throttling | null;
  readonly freeDiskBytes: number | null;
  /** Where each tool is, null where it is not. */
  readonly tools: Readonly<Record<CaptureTool, string | null>>;
}

export interface Throttling {
  readonly undervoltageNow: boolean;
  readonly throttledNow: boolean;
  readonly undervoltageSinceBoot: boolean;
  readonly throttledSinceBoot: boolean;
}

export interface MachineOptions {
  /** Folder that stands for /; tests give another. */
  readonly root?: string;
  /** PATH, folders with colons between. */
  readonly searchPath: string;
  /** Where the product keeps its data. */
  readonly dataDirectory: string;
  readonly architecture: string;
}

export function readMachine({ root = '/', searchPath, dataDirectory, architecture }: MachineOptions): Machine {
  const read = (file: string): string | null => {
    try {
      return readFileSync(path.join(root, file), 'utf8');
    } catch {
      return null; // absent, or not for us: both mean that the machine does not say
    }
  };
  const cpus = read('proc/cpuinfo');
  const kilobytes = /^MemTotal:\s+(\d+) kB/m.exec(read('proc/meminfo') ?? '')?.[1];
  const milliDegrees = Number.parseInt(read('sys/class/thermal/thermal_zone0/temp') ?? '', 10);
  return {
    // Device-tree strings end in a NUL.
    model:
      read('proc/device-tree/model')?.replaceAll('\0', '').trim() ||
      /^Model\s*:\s*(.+)$/m.exec(cpus ?? '')?.[1] ||
      null,
    architecture,
    cores: cpus?.match(/^processor\s*:/gm)?.length ?? 1,
    memoryBytes: kilobytes ? Number(kilobytes) * 1024 : null,
    temperature: Number.isNaN(milliDegrees) ? null : milliDegrees / 1000,
    throttling: parseThrottling(read('sys/devices/platform/soc/soc:firmware/get_throttled')),
    freeDiskBytes: freeBytes(dataDirectory),
    tools: Object.fromEntries(captureTools.map((tool) => [tool, findTool(tool, root, searchPath)])) as Machine['tools'],
  };
}

/** Bits of the firmware's get_throttled: 0 and 16 under-voltage, 1 to 3 and 17 to 19 slowed, now and since boot. */
function parseThrottling(text: string | null): Throttling | null {
  const bits = Number.parseInt(text ?? '', 16);
  if (Number.isNaN(bits)) return null;
  return {
    undervoltageNow: (bits & 0x1) !== 0,
    throttledNow: (bits & 0xe) !== 0,
    undervoltageSinceBoot: (bits & 0x10000) !== 0,
    throttledSinceBoot: (bits & 0xe0000) !== 0,
  };
}

/** Of the file system that holds the folder, or would. */
function freeBytes(directory: string): number | null {
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    try {
      const { bavail, bsize } = statfsSync(at);
      return bavail * bsize;
    } catch {
      if (at === path.dirname(at)) return null;
    }
  }
}

function findTool(tool: string, root: string, searchPath: string): string | null {
  // Administrators' tools are installed where an ordinary user's PATH does not look.
  for (const folder of [...searchPath.split(':'), '/usr/sbin', '/sbin'].filter(Boolean)) {
    const file = path.join(folder, tool);
    try {
      accessSync(path.join(root, file), constants.X_OK);
      return file;
    } catch {
      // not here
    }
  }
  return null;
}
