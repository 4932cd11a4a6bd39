/** Which program captures here: where both are, the one that is set up for who asks. */
import { AppError } from '../../errors.ts';
import type { CaptureTool } from '../../source/live/tool.ts';

export interface InstalledTools {
  tcpdump: string | null;
  dumpcap: string | null;
}

/** Root may use tcpdump, which tells its losses while it runs; others mostly have the right to use dumpcap. */
export function chooseTool({ tcpdump, dumpcap }: InstalledTools, isRoot: boolean): CaptureTool {
  const tools: CaptureTool[] = [];
  if (tcpdump !== null) tools.push({ kind: 'tcpdump', path: tcpdump });
  if (dumpcap !== null) tools.push({ kind: 'dumpcap', path: dumpcap });
  const tool = isRoot ? tools[0] : tools.at(-1);
  if (tool === undefined) throw new AppError('capture_tool_missing', {});
  return tool;
}
