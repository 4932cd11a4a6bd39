/** Connection records as others make them: from exporters of NetFlow, IPFIX and sFlow, or from the log of a running Zeek. */
import type { AppError } from '../../errors.ts';
import { assertBalanced } from '../../source/capture/flows-from-capture.ts';
import type { OnConn } from '../../source/flow-format.ts';
import { followZeek } from '../../source/follow/zeek-directory.ts';
import { listenNetflow } from '../../source/netflow/listen.ts';
import type { SourceStats } from '../../source/source.ts';
import { parseEndpoint, requireFolder } from './open-source.ts';

export interface LiveConnsOptions {
  onConn: OnConn;
  /** Ends reading: what waits is delivered, and the account returned. */
  signal: AbortSignal;
  /** What is read, and from where, once reading has begun. */
  onStart: (name: string) => void;
  /** Something cannot be read; reading goes on. */
  onTrouble: (error: AppError | Error) => void;
}

/** `where` is a port, or an address and a port, to listen on. Throws `bad_source` and `listen_failed`. */
export async function readNetflow(where: string, options: LiveConnsOptions): Promise<SourceStats> {
  const { onConn, signal, onStart, onTrouble } = options;
  const listener = await listenNetflow({ ...parseEndpoint(where), onConn, onError: onTrouble });
  const { address, port } = listener;
  onStart(`NetFlow, IPFIX and sFlow on ${address.includes(':') ? `[${address}]` : address}:${port}`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await listener.close();
  const stats = listener.stats();
  assertBalanced(stats);
  return stats;
}

/** What is in the conn.log of `folder`, and what comes. Throws `bad_source`. */
export async function readZeekFolder(folder: string, options: LiveConnsOptions): Promise<SourceStats> {
  const { onConn, signal, onStart, onTrouble } = options;
  requireFolder(folder);
  onStart(`the conn.log in ${folder}`);
  const stats = await followZeek(folder, { onConn, signal, onError: onTrouble, required: [] });
  assertBalanced(stats);
  return stats;
}
