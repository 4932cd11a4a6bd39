/** A capture into a device inventory. */
import type { Inventory } from '../device/inventory.ts';
import { AppError } from '../errors.ts';
import { flowsFromCapture } from '../source/capture/flows-from-capture.ts';
import { openSource } from '../source/open-source.ts';
import type { ReadOptions, SourceStats } from '../source/source.ts';

/** Throws AppError as `openSource` does, and `unsupported_type` for logs: they do not say which device it was. */
export async function readDevices(file: string, inventory: Inventory, options: ReadOptions = {}): Promise<SourceStats> {
  const source = await openSource(file);
  if (source.kind === 'flows') {
    await source.close();
    throw new AppError('unsupported_type', {
      file: source.name,
      found: 'a log of connections',
      supported: 'pcap and pcapng captures, in which devices show themselves',
    });
  }
  return flowsFromCapture(
    (sink, read) => source.readFrames(sink, read),
    {
      ...options,
      name: source.name,
      // A device is there, whatever its network card makes of checksums.
      ignoreChecksums: true,
      watcher: inventory,
      onApp: (record) => inventory.app(record),
    },
    () => {},
  );
}
