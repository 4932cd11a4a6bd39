/**
 * Which device speaks for which address. A router's frames carry the addresses of the whole internet, so having sent
 * from an address is not enough: ARP, DHCP and neighbour discovery are claims; traffic is one only for a local address
 * that comes with an untouched hop limit (nobody forwarded it), and only while the sender has few of them.
 */
import { scopeOf } from '../packet/address-scope.ts';
import type { ClaimSource } from './device.ts';
import type { DeviceRecord } from './record.ts';

/** More local addresses than this by traffic alone: it forwards for others. */
const MAXIMUM_TRAFFIC_CLAIMS = 4;

/** Hop limits that systems start with (and 1 and 2, for groups). Anything else has passed a router. */
const initialHopLimits = new Set([1, 2, 4, 30, 32, 60, 64, 100, 128, 200, 255]);

export function isUntouched(hopLimit: number): boolean {
  return initialHopLimits.has(hopLimit);
}

/** 0.0.0.0, ::, loopback, groups and broadcast are nobody's. */
function canBeOwned(address: string): boolean {
  if (address.includes(':')) return address !== '::' && address !== '::1' && !/^ff/i.test(address);
  const first = Number.parseInt(address, 10);
  return first > 0 && first !== 127 && first < 224;
}

export class AddressOwners {
  readonly #owners = new Map<string, DeviceRecord>();

  of(address: string): DeviceRecord | undefined {
    return this.#owners.get(address);
  }

  /** True where the device did not have the address before. */
  claim(device: DeviceRecord, address: string, source: ClaimSource, ts: number): boolean {
    const owner = this.#owners.get(address);
    if (owner === device && device.renew(address, source, ts)) return false;
    if (!canBeOwned(address)) return false;
    if (source === 'traffic') {
      if (scopeOf(address) !== 'local' || device.trafficClaims > MAXIMUM_TRAFFIC_CLAIMS) return false;
      // Who spoke for it by ARP or DHCP keeps it.
      if (owner !== undefined && owner.addresses.get(address)?.source !== 'traffic') return false;
      if (++device.trafficClaims > MAXIMUM_TRAFFIC_CLAIMS) {
        this.#disownTraffic(device);
        return false;
      }
    }
    this.#owners.set(address, device);
    // It may have had it before somebody else took it.
    if (device.renew(address, source, ts)) return false;
    const dropped = device.own(address, source, ts);
    if (dropped !== null) this.#forget(device, dropped);
    return true;
  }

  /** The device goes: its addresses are nobody's. */
  release(device: DeviceRecord): void {
    for (const address of device.addresses.keys()) this.#forget(device, address);
  }

  #disownTraffic(device: DeviceRecord): void {
    for (const { address, source } of [...device.addresses.values()]) {
      if (source !== 'traffic') continue;
      device.disown(address);
      this.#forget(device, address);
    }
  }

  #forget(device: DeviceRecord, address: string): void {
    if (this.#owners.get(address) === device) this.#owners.delete(address);
  }
}
