/** Who is signed in, accounts, tokens and the log of changes: what the views ask for and what they change. */
import { type InfiniteData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  AccountRole,
  ApiToken,
  AuditList,
  MadeToken,
  OidcSettings,
  OidcTest,
  OwnAccount,
  SessionState,
  SignedIn,
  TokenScope,
  TwoFactor,
  User,
} from '../../../src/api/contract.ts';
import { get, send } from '../api.ts';

export const sessionKey = ['session'] as const;
const accountKey = ['account'] as const;
const AUDIT_PAGE = 50;

/** Whether somebody is signed in; everything else waits for it. */
export const useSession = () =>
  useQuery({
    queryKey: sessionKey,
    queryFn: ({ signal }) => get<SessionState>('/api/v1/session', signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

const ranks: readonly AccountRole[] = ['viewer', 'operator', 'admin'];

/** Whether the server would let whoever looks do what that role may. Without accounts everybody may everything. */
export function useMay(role: AccountRole): boolean {
  const { data } = useSession();
  if (!data || data.mode === 'open') return true;
  return data.user !== null && ranks.indexOf(data.user.role) >= ranks.indexOf(role);
}

/** Nothing of what one person has seen stays for the next. */
export function useForgetEverything(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
    await queries.invalidateQueries({ queryKey: sessionKey });
  };
}

function useSigning<Input, Output>(work: (input: Input) => Promise<Output>, ends: (output: Output) => boolean) {
  const forget = useForgetEverything();
  return useMutation({ mutationFn: work, onSuccess: (output) => (ends(output) ? forget() : undefined) });
}

const done = ({ two_factor }: SignedIn): boolean => !two_factor;
export const useSignIn = () =>
  useSigning((body: { email: string; password: string }) => send<SignedIn>('POST', '/api/v1/session', body), done);
export const useSignInCode = () =>
  useSigning((body: { code: string; recovery: boolean }) => send<SignedIn>('POST', '/api/v1/session/code', body), done);
export const useSetUp = () =>
  useSigning(
    (body: { token: string; name: string; email: string; password: string }) =>
      send<SignedIn>('POST', '/api/v1/set-up', body),
    done,
  );
export const useSignOut = () =>
  useSigning(
    () => send('DELETE', '/api/v1/session'),
    () => true,
  );

export const useAccount = () =>
  useQuery({ queryKey: accountKey, queryFn: ({ signal }) => get<OwnAccount>('/api/v1/account', signal) });

function useChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all(
        [accountKey, sessionKey, usersKey, tokensKey].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}

export const useChangePassword = () =>
  useChange((body: { current: string; new: string }) => send('PUT', '/api/v1/account/password', body));
export const useEndSession = () => useChange((id: string) => send('DELETE', `/api/v1/account/sessions/${id}`));
export const useEndOtherSessions = () => useChange(() => send('DELETE', '/api/v1/account/sessions'));
export const useBeginTwoFactor = () =>
  useMutation({
    mutationFn: (password: string) => send<TwoFactor>('POST', '/api/v1/account/two-factor', { password }),
  });
export const useConfirmTwoFactor = () =>
  useChange((code: string) => send('POST', '/api/v1/account/two-factor/confirm', { code }));
export const useEndTwoFactor = () =>
  useChange((password: string) => send('DELETE', '/api/v1/account/two-factor', { password }));
export const useNewRecoveryCodes = () =>
  useMutation({
    mutationFn: (password: string) =>
      send<{ recovery_codes: string[] }>('POST', '/api/v1/account/two-factor/recovery-codes', { password }),
  });

const usersKey = ['users'] as const;
export const useUsers = () =>
  useQuery({
    queryKey: usersKey,
    queryFn: async ({ signal }) => (await get<{ users: User[] }>('/api/v1/users', signal)).users,
  });
export const useAddUser = () =>
  useChange((body: { name: string; email: string; password: string; role: AccountRole }) =>
    send<User>('POST', '/api/v1/users', body),
  );
export const useChangeUser = () =>
  useChange(({ id, ...change }: { id: string; role?: AccountRole; disabled?: boolean }) =>
    send<User>('PATCH', `/api/v1/users/${id}`, change),
  );
export const useSetPassword = () =>
  useChange(({ id, password }: { id: string; password: string }) =>
    send('PUT', `/api/v1/users/${id}/password`, { password }),
  );
export const useRemoveUser = () => useChange((id: string) => send('DELETE', `/api/v1/users/${id}`));
export const useRemoveAuthenticator = () => useChange((id: string) => send('DELETE', `/api/v1/users/${id}/two-factor`));

const tokensKey = ['tokens'] as const;
export const useTokens = () =>
  useQuery({
    queryKey: tokensKey,
    queryFn: async ({ signal }) => (await get<{ tokens: ApiToken[] }>('/api/v1/tokens', signal)).tokens,
  });
export const useMakeToken = () =>
  useChange((body: { name: string; scopes: TokenScope[]; days: number | null }) =>
    send<MadeToken>('POST', '/api/v1/tokens', body),
  );
export const useRevokeToken = () => useChange((id: string) => send('DELETE', `/api/v1/tokens/${id}`));

export const useAudit = () =>
  useInfiniteQuery<AuditList, Error, InfiniteData<AuditList>, readonly string[], number | undefined>({
    queryKey: ['audit'],
    queryFn: ({ pageParam, signal }) =>
      get<AuditList>(`/api/v1/audit?limit=${AUDIT_PAGE}${pageParam ? `&before=${pageParam}` : ''}`, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ next_before }) => next_before ?? undefined,
    staleTime: 0,
  });

/** How people sign in with the provider. */
export const useOidc = () =>
  useQuery({ queryKey: ['oidc'], queryFn: ({ signal }) => get<OidcSettings>('/api/v1/oidc', signal) });
export const useTestOidc = () => useMutation({ mutationFn: () => send<OidcTest>('POST', '/api/v1/oidc/test', {}) });
/** Leaves the page for that of the provider. */
export const useLinkOidc = () =>
  useMutation({
    mutationFn: () => send<{ url: string }>('POST', '/api/v1/account/oidc', {}),
    onSuccess: ({ url }) => window.location.assign(url),
  });
