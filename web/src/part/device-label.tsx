/** A device as its owner calls it, its address in small below; one without a name is its address. */
import type { ScannedDevice } from '../../../src/api/contract.ts';

export function DeviceLabel({ device: { name, address } }: { device: ScannedDevice }) {
  // Alerts need both in one sentence, so the name ends in the address; here they are two lines.
  const own = name?.replace(` (${address})`, '');
  return (
    <span className="device">
      {own && own !== address && (
        <span className="device-name" title={own}>
          {own}
        </span>
      )}
      <span className="address">{address}</span>
    </span>
  );
}
