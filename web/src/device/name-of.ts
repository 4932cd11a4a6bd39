/** Whose an address is, as the owner calls the device. */
import { useCallback, useMemo } from 'react';
import { useDevices } from './queries.ts';

/** Undefined where no device of the network is known by that address. */
export type NameOf = (address: string) => string | undefined;

/** Addresses that are nobody's. */
function special(address: string): string | undefined {
  if (address === '0.0.0.0' || address === '::') return 'No address yet';
  if (address === '255.255.255.255') return 'Everybody here';
  if (address === '224.0.0.251' || address === 'ff02::fb') return 'Everybody who speaks mDNS';
  if (address === '239.255.255.250' || address === 'ff02::c') return 'Everybody who speaks UPnP';
  return /^(22[4-9]|23\d)\.|^ff/.test(address) ? 'A group of devices' : undefined;
}

export function useNameOf(): NameOf {
  const devices = useDevices().data?.devices;
  const names = useMemo(
    () => new Map(devices?.flatMap(({ name, ips, macs }) => [...ips, ...macs].map((address) => [address, name]))),
    [devices],
  );
  return useCallback(
    (address) => {
      const name = names.get(address) ?? special(address);
      return name === address ? undefined : name;
    },
    [names],
  );
}
