/** A capture, or records with hardware addresses, into a device inventory. */
import type { Inventory } from '../device/inventory.ts';
import { ConnDevices } from '../device/observe-conn.ts';
import { AppError } from '../errors.ts';
import { flowsFromCapture } from '../source/capture/flows-from-capture.ts';
import { openSource } from '../source/open-source.ts';
import type { ReadOptions, SourceStats } from '../source/source.ts';

/** Throws AppError as `openSource` does, and `unsupported_type` for logs that do not say which device it was. */
export async function readDevices(file: string, inventory: Inventory, options: ReadOptions = {}): Promise<SourceStats> {
  const source = await openSource(file);
  if (source.kind === 'flows') {
    const devices = new ConnDevices(inventory);
    let isNamed = false;
    const stats = await source.read(
      (conn) => {
        isNamed = devices.conn(conn) || isNamed;
      },
      { ...options, required: [] },
    );
    if (isNamed) return stats;
    throw new AppError('unsupported_type', {
      file: source.name,
      found: 'a log of connections without hardware addresses',
      supported: 'captures, and logs and exports that name the hardware addresses of devices',
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
