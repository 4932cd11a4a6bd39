/** Where this Guardian can be opened, and what other devices are to trust. */
import { useQuery } from '@tanstack/react-query';
import type { AuthorityAnswer, Reach } from '../../../src/api/contract.ts';
import { get } from '../api.ts';

/** For everybody: the phone that asks cannot have signed in yet. */
export const useAuthority = () =>
  useQuery({
    queryKey: ['authority'],
    queryFn: ({ signal }) => get<AuthorityAnswer>('/api/v1/authority', signal),
  });

export const useReach = (enabled: boolean) =>
  useQuery({ queryKey: ['reach'], queryFn: ({ signal }) => get<Reach>('/api/v1/reach', signal), enabled });
