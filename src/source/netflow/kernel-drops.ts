/** Datagrams that the kernel has thrown away because nobody read them in time, for a UDP port of this machine. */
import { readFileSync } from 'node:fs';

/** The last column of /proc/net/udp (Linux); null where the system does not say. */
export function kernelDrops(port: number, files = ['/proc/net/udp', '/proc/net/udp6']): number | null {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  let drops: number | null = null;
  for (const file of files) {
    for (const line of linesOf(file)) {
      const cells = line.trim().split(/\s+/);
      if (cells[1]?.endsWith(wanted)) drops = (drops ?? 0) + (Number(cells.at(-1)) || 0);
    }
  }
  return drops;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(1);
  } catch {
    return [];
  }
}
