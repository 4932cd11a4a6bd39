/** What the views ask the server for. */
import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { ScanList } from '../../src/api/contract.ts';
import { getScan, getScans, getStatus, send } from './api.ts';

const PAGE = 25;

/** Every key of a list of scans begins with it: a finished scan makes them all stale. */
export const scansKey = ['scans'] as const;

export const useScans = () =>
  useInfiniteQuery<ScanList, Error, InfiniteData<ScanList, number | undefined>, readonly string[], number | undefined>({
    queryKey: [...scansKey, 'all'],
    queryFn: ({ pageParam, signal }) => getScans(pageParam, PAGE, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ next_before }) => next_before ?? undefined,
  });

export const useLatestScans = (count: number) =>
  useQuery({
    queryKey: [...scansKey, 'latest', count],
    queryFn: ({ signal }) => getScans(undefined, count, signal),
    placeholderData: keepPreviousData,
  });

/** A scan never changes once it is kept. */
export const useScan = (id: string) =>
  useQuery({
    queryKey: ['scan', id],
    queryFn: ({ signal }) => getScan(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export function useRemoveScan(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => send('DELETE', `/api/v1/scans/${id}`),
    onSuccess: () => {
      queries.removeQueries({ queryKey: ['scan', `${id}`] });
      return queries.invalidateQueries({ queryKey: scansKey });
    },
  });
}

export const useStatus = () =>
  useQuery({ queryKey: ['status'], queryFn: ({ signal }) => getStatus(signal), refetchInterval: 10_000 });
