/** What stands before the dashboard: set-up, sign-in, or nothing. Behind it somebody is signed in. */
import { type ReactNode, useEffect } from 'react';
import { useConnectionLost } from '../live.ts';
import { TrustPage } from '../page/trust.tsx';
import { Icon } from '../part/icon.tsx';
import { Failure } from '../part/state.tsx';
import { usePathname } from '../router.tsx';
import { useSession } from './queries.ts';
import { SetUp } from './set-up.tsx';
import { SignIn } from './sign-in.tsx';

export function Gate({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useSession();
  const lost = useConnectionLost();
  const path = usePathname();
  useEffect(() => {
    // The server may have ended the session, and nothing else may ask it for a while.
    if (lost !== null) void refetch();
  }, [lost, refetch]);
  if (data && (data.mode === 'open' || data.user)) return children;
  return (
    <main id="main" className="gate">
      <p className="gate-brand">
        <Icon name="shield" className="brand-icon" /> Home IoT Guardian
      </p>
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {data && (path === '/trust' ? <TrustPage /> : data.needs_set_up ? <SetUp /> : <SignIn />)}
    </main>
  );
}
