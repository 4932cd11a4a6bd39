/** The history of connections: what its page asks for. */
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { FlowList, FlowTop } from '../../../src/api/contract.ts';
import { get } from '../api.ts';

const PAGE = 50;
const TOP = 8;
/** Filters that the sums of hours and days know. */
const SUMMED = ['device', 'peer', 'service'];
export const FILTERS = [...SUMMED, 'port', 'state', 'direction', 'novelty', 'alert'] as const;

/** What is looked at: the filters of the address, and since when. */
export interface Choice {
  search: URLSearchParams;
  /** Seconds since 1970 UTC. */
  since: number;
}

function parametersOf({ search, since }: Choice, names: readonly string[]): URLSearchParams {
  const parameters = new URLSearchParams({ since: String(since) });
  for (const name of names) {
    const value = search.get(name)?.trim();
    if (value) parameters.set(name, value);
  }
  return parameters;
}

export function useFlows(choice: Choice) {
  const asked = parametersOf(choice, FILTERS).toString();
  return useInfiniteQuery<FlowList, Error, InfiniteData<FlowList, number | null>, readonly string[], number | null>({
    queryKey: ['flows', asked],
    queryFn: ({ pageParam, signal }) =>
      get(`/api/v1/flows?${asked}&limit=${PAGE}${pageParam === null ? '' : `&before=${pageParam}`}`, signal),
    initialPageParam: null,
    getNextPageParam: ({ next_before }) => next_before ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useTop(choice: Choice) {
  const asked = parametersOf(choice, SUMMED).toString();
  return useQuery<FlowTop>({
    queryKey: ['flows-top', asked],
    queryFn: ({ signal }) => get(`/api/v1/flows/top?${asked}&by=peer&limit=${TOP}`, signal),
    placeholderData: keepPreviousData,
  });
}
