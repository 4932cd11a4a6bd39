/** Alerts of the live monitor, and what the owner says about them. */
import {
  type InfiniteData,
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type {
  AlertList,
  AlertReport,
  Expected,
  ExpectPreview,
  ExpectScope,
  LiveAlert,
  Mute,
  MutePreview,
  NewMute,
  Severity,
} from '../../../src/api/contract.ts';
import { get, send } from '../api.ts';

const PAGE = 25;

/** Every key of a list of alerts begins with it. */
export const alertsKey = ['alerts'] as const;
/** Without a number the beginning of them all. */
export const alertKey = (id?: number) => (id === undefined ? (['alert'] as const) : (['alert', id] as const));
export const mutesKey = ['mutes'] as const;

export interface AlertFilter {
  status?: LiveAlert['status'];
  severity?: Severity;
  /** Link-layer address. */
  device?: string;
}

function getAlerts(filter: AlertFilter, limit: number, before: number | undefined, signal: AbortSignal) {
  const query = new URLSearchParams({ limit: `${limit}` });
  if (before !== undefined) query.set('before', `${before}`);
  if (filter.status) query.set('status', filter.status);
  if (filter.severity) query.set('severity', filter.severity);
  if (filter.device) query.set('device', filter.device);
  return get<AlertList>(`/api/v1/alerts?${query}`, signal);
}

export const useAlerts = (filter: AlertFilter) =>
  useInfiniteQuery<
    AlertList,
    Error,
    InfiniteData<AlertList, number | undefined>,
    readonly unknown[],
    number | undefined
  >({
    queryKey: [...alertsKey, 'all', filter],
    queryFn: ({ pageParam, signal }) => getAlerts(filter, PAGE, pageParam, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ next_before }) => next_before ?? undefined,
    placeholderData: keepPreviousData,
  });

export const useLatestAlerts = (count: number, filter: AlertFilter) =>
  useQuery({
    queryKey: [...alertsKey, 'latest', count, filter],
    queryFn: ({ signal }) => getAlerts(filter, count, undefined, signal),
  });

export const useAlert = (id: number) =>
  useQuery({
    queryKey: alertKey(id),
    queryFn: ({ signal }) => get<AlertReport>(`/api/v1/alerts/${id}`, signal),
  });

/** Into the page of the alert; its connections stay as they were. */
export const keepAlert = (queries: QueryClient, alert: LiveAlert): unknown =>
  queries.setQueryData<AlertReport>(alertKey(alert.id), (known) => known && { ...known, ...alert });

/** Lists by status have changed with any word of the owner. */
function refresh(queries: QueryClient, alert?: LiveAlert): Promise<void> {
  if (alert) keepAlert(queries, alert);
  return queries.invalidateQueries({ queryKey: alertsKey });
}

export function useAlertAction(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (action: 'acknowledge' | 'reopen') => send<LiveAlert>('POST', `/api/v1/alerts/${id}/${action}`),
    onSuccess: (alert) => refresh(queries, alert),
  });
}

export function useExpect(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (scope: ExpectScope) => send<Expected>('POST', `/api/v1/alerts/${id}/expected`, scope),
    onSuccess: ({ alert }) => {
      void queries.invalidateQueries({ queryKey: mutesKey });
      return refresh(queries, alert);
    },
  });
}

export const useMutes = () =>
  useQuery({
    queryKey: mutesKey,
    queryFn: ({ signal }) => get<{ mutes: Mute[] }>('/api/v1/mutes', signal),
    select: ({ mutes }) => mutes,
  });

export function useAddMute() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (mute: NewMute) => send<Mute>('POST', '/api/v1/mutes', mute),
    onSuccess: () => queries.invalidateQueries({ queryKey: mutesKey }),
  });
}

export function useRemoveMute() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => send('DELETE', `/api/v1/mutes/${id}`),
    // The alert that it was said of stands as it did before.
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: mutesKey }),
        queries.invalidateQueries({ queryKey: ['alert'] }),
        refresh(queries),
      ]),
  });
}

/** What "This is expected" would cover, and what it would have hidden; asked for while the dialog is open. */
export const useExpectPreview = (id: number, scope: ExpectScope) =>
  useQuery({
    queryKey: [...mutesKey, 'expect', id, scope],
    queryFn: () => send<ExpectPreview>('POST', `/api/v1/alerts/${id}/expected/preview`, scope),
    placeholderData: keepPreviousData,
  });

/** What a mute would have hidden; asked for as the owner chooses. */
export const useMutePreview = (mute: NewMute) =>
  useQuery({
    queryKey: [...mutesKey, 'preview', mute],
    queryFn: () => send<MutePreview>('POST', '/api/v1/mutes/preview', mute),
    placeholderData: keepPreviousData,
  });
