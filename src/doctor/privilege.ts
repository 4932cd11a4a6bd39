/** Grants the right to capture to the tool, so that Guardian needs none. */

import { chooseTool, type InstalledTools } from '../monitor/target/capture-tool.ts';
import type { CaptureTool } from '../source/live/tool.ts';

/** Gives the program the right, and nobody else; on Debian dumpcap is made for a group. */
export function rightsFor({ kind, path }: CaptureTool): string[] {
  if (process.platform === 'darwin') return ['sudo chgrp admin /dev/bpf* && sudo chmod g+r /dev/bpf*'];
  const grant = `sudo setcap cap_net_raw=ep ${path}`;
  if (kind === 'tcpdump') return [grant];
  return [
    'sudo groupadd --force --system wireshark && sudo usermod -aG wireshark "$USER"',
    `sudo chgrp wireshark ${path} && sudo chmod 750 ${path}`,
    grant,
    'newgrp wireshark',
  ];
}

/** Tells root that it is not needed, and what another user runs to capture without it. */
export const withoutRoot = (tools: InstalledTools): { what: string; mend: string[] } => ({
  what: 'Guardian runs as root and need not: run this as the user who is to start it, then start it as that user.',
  mend: rightsFor(chooseTool(tools, false)),
});
