/** What the views ask about the monitor. Live events keep the answers current (live-cache.ts). */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { InterfaceList, MonitorStatus, Traffic } from '../../../src/api/contract.ts';
import { get, send } from '../api.ts';

export const monitorKey = ['monitor'] as const;
/** Every key of traffic begins with it; then the minutes, the device, and until when. */
export const trafficKey = ['traffic'] as const;

/** Counters move all the time: they are asked for again, the rest is told. */
export const useMonitor = () =>
  useQuery({
    queryKey: monitorKey,
    queryFn: ({ signal }) => get<MonitorStatus>('/api/v1/monitor', signal),
    refetchInterval: 5000,
  });

export const useInterfaces = () =>
  useQuery({
    queryKey: ['interfaces'],
    queryFn: ({ signal }) => get<InterfaceList>('/api/v1/interfaces', signal),
    select: ({ interfaces }) => interfaces,
  });

/** Of the whole network, or of one device; the last minutes before now, or before then. */
export const useTraffic = (minutes: number, { device, until }: { device?: string; until?: number } = {}) =>
  useQuery({
    queryKey: [...trafficKey, minutes, device ?? null, until ?? null],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ minutes: `${minutes}`, ...(device && { device }) });
      if (until !== undefined) query.set('until', `${until}`);
      return get<Traffic>(`/api/v1/monitor/traffic?${query}`, signal);
    },
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

export function useStart() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => send<MonitorStatus>('POST', '/api/v1/monitor/start', { interface: name }),
    onSuccess: (status) => queries.setQueryData(monitorKey, status),
  });
}

export function useStop() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => send<MonitorStatus>('POST', '/api/v1/monitor/stop'),
    onSuccess: (status) => queries.setQueryData(monitorKey, status),
  });
}
