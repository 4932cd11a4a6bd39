/** Whoever watches an interface as root is told that it takes no root. */
import { note } from './terminal.ts';

export async function noteRoot(quiet: boolean): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  const [{ readMachine }, { withoutRoot }] = await Promise.all([
    import('../model/edge/machine.ts'),
    import('../doctor/privilege.ts'),
  ]);
  const searchPath = process.env.PATH ?? '';
  const { tools } = readMachine({ searchPath, dataDirectory: '.', architecture: process.arch });
  if (tools.tcpdump === null && tools.dumpcap === null) return;
  const { what, mend } = withoutRoot(tools);
  note([what, ...mend.map((command) => `  ${command}`)].join('\n'), quiet);
}

/** Whoever starts it where no network of a house can be seen is told at once. */
export async function notePlatform(quiet: boolean): Promise<void> {
  const { describePlatform } = await import('../doctor/platform.ts');
  const platform = describePlatform(process.env);
  if (platform?.blind) note(platform.what, quiet);
}
