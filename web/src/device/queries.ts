/** Devices: what the views ask for and change. */
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Device, DeviceChange, DeviceList, Discovery } from '../../../src/api/contract.ts';
import { get, send } from '../api.ts';

export const devicesKey = ['devices'] as const;
export const deviceKey = (mac: string) => ['device', mac] as const;

export const useDevices = () =>
  useQuery({ queryKey: devicesKey, queryFn: ({ signal }) => get<DeviceList>('/api/v1/devices', signal) });

/** What the list knows of it is shown until its own answer is there. */
export function useDevice(mac: string) {
  const queries = useQueryClient();
  return useQuery<Device>({
    queryKey: deviceKey(mac),
    queryFn: ({ signal }) => get(`/api/v1/devices/${mac}`, signal),
    placeholderData: () => queries.getQueryData<DeviceList>(devicesKey)?.devices.find((device) => device.mac === mac),
  });
}

/** Puts a device into every answer that speaks of it. */
export function keepDevice(queries: QueryClient, device: Device): void {
  queries.setQueryData(deviceKey(device.mac), device);
  queries.setQueryData<DeviceList>(devicesKey, (list) => {
    if (!list) return list;
    const known = list.devices.some(({ mac }) => mac === device.mac);
    const devices = known
      ? list.devices.map((one) => (one.mac === device.mac ? device : one))
      : [...list.devices, device];
    return { ...list, devices };
  });
}

export function dropDevice(queries: QueryClient, mac: string): void {
  queries.removeQueries({ queryKey: deviceKey(mac) });
  queries.setQueryData<DeviceList>(
    devicesKey,
    (list) => list && { ...list, devices: list.devices.filter((device) => device.mac !== mac) },
  );
}

export function useChangeDevice(mac: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: DeviceChange) => send<Device>('PATCH', `/api/v1/devices/${mac}`, change),
    onSuccess(device) {
      keepDevice(queries, device);
      // An answer that is under way may be older than the change: it is asked for again.
      void queries.invalidateQueries({ queryKey: deviceKey(mac) });
      void queries.invalidateQueries({ queryKey: devicesKey });
    },
  });
}

export function useMerge() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ from, into }: { from: string; into: string }) =>
      send<Device>('POST', `/api/v1/devices/${from}/merge`, { into }),
    onSuccess: () => queries.invalidateQueries({ queryKey: devicesKey }),
  });
}

export function useForget(mac: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => send('DELETE', `/api/v1/devices/${mac}`),
    onSuccess: () => dropDevice(queries, mac),
  });
}

export function useSearchNetwork() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => send<Discovery>('POST', '/api/v1/discovery'),
    onSuccess: () => queries.invalidateQueries({ queryKey: devicesKey }),
  });
}
