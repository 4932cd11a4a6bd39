/** Notifications: what is set up, what was sent, and what changes either. */
import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type {
  ChannelChange,
  ChannelTest,
  DeliveryList,
  NotificationDelivery,
  NotificationOptions,
  NotificationRule,
  Notifications,
} from '../../../src/api/contract.ts';
import { useMay } from '../account/queries.ts';
import { get, send } from '../api.ts';

const PAGE = 25;
/** Messages come and go without anybody looking: every now and then it is looked again. */
const REFRESH_MS = 5000;
const base = '/api/v1/notifications';

/** Every key of notifications begins with it: what changes one of them may change all. */
const key = ['notifications'] as const;

export const useNotifications = () =>
  useQuery({
    queryKey: [...key, 'settings'],
    queryFn: ({ signal }) => get<Notifications>(base, signal),
    // Others are refused: channels hold addresses and secrets.
    enabled: useMay('admin'),
    refetchInterval: REFRESH_MS,
  });

function useChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: key }) });
}

const pathOf = (channel: string): string => `${base}/channels/${encodeURIComponent(channel)}`;

export const useSaveChannel = () =>
  useChange(({ name, change }: { name: string; change: ChannelChange }) => send('PUT', pathOf(name), change));
export const useRemoveChannel = () => useChange((name: string) => send('DELETE', pathOf(name)));
export const useTestChannel = () => useChange((name: string) => send<ChannelTest>('POST', `${pathOf(name)}/test`));
export const useSaveRules = () =>
  useChange((rules: readonly NotificationRule[]) => send('PUT', `${base}/rules`, { rules }));
export const useSaveOptions = () =>
  useChange((options: NotificationOptions) => send('PUT', `${base}/options`, options));
export const useRetry = () => useChange((id: string) => send('POST', `${base}/deliveries/${id}/retry`));

export type DeliveryFilter = NotificationDelivery['status'] | 'all';

export const useDeliveries = (status: DeliveryFilter) =>
  useInfiniteQuery<DeliveryList, Error, InfiniteData<DeliveryList>, readonly unknown[], string | undefined>({
    queryKey: [...key, 'deliveries', status],
    queryFn({ pageParam, signal }) {
      const query = new URLSearchParams({ limit: `${PAGE}` });
      if (status !== 'all') query.set('status', status);
      if (pageParam) query.set('before', pageParam);
      return get<DeliveryList>(`${base}/deliveries?${query}`, signal);
    },
    initialPageParam: undefined,
    getNextPageParam: ({ next_before }) => next_before ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
