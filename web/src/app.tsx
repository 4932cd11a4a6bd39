/** The frame around every view: where one is, where one can go, and the theme. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import Button from 'react-bootstrap/Button';
import { May } from './account/may.tsx';
import { keepCurrent } from './live-cache.ts';
import { DemoStrip } from './monitor/demo-strip.tsx';
import { AccountPage } from './page/account.tsx';
import { AlertPage } from './page/alert.tsx';
import { AlertsPage } from './page/alerts.tsx';
import { AuditPage } from './page/audit.tsx';
import { ConnectionsPage } from './page/connections.tsx';
import { DevicePage } from './page/device.tsx';
import { DevicesPage } from './page/devices.tsx';
import { HistoryPage } from './page/history.tsx';
import { HomePage } from './page/home.tsx';
import { LivePage } from './page/live.tsx';
import { MutesPage } from './page/mutes.tsx';
import { NotFoundPage } from './page/not-found.tsx';
import { NotificationsPage } from './page/notifications.tsx';
import { ScanPage } from './page/scan.tsx';
import { SystemPage } from './page/system.tsx';
import { TokensPage } from './page/tokens.tsx';
import { TrustPage } from './page/trust.tsx';
import { UsersPage } from './page/users.tsx';
import { Shortcuts } from './palette/shortcuts.tsx';
import { Icon } from './part/icon.tsx';
import { Places } from './part/places.tsx';
import { StaleStrip } from './part/stale-strip.tsx';
import { ToastLine } from './part/toast.tsx';
import { Link, matchRoute, type Route, usePathname } from './router.tsx';
import { toggleTheme, useTheme } from './theme.ts';
import { DropAnywhere } from './upload/drop-anywhere.tsx';
import { UploadStrip } from './upload/upload-strip.tsx';

export function App() {
  const route = matchRoute(usePathname());
  const queries = useQueryClient();
  useEffect(() => keepCurrent(queries), [queries]);
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <header className="top-bar">
        <div className="top-bar-inner">
          <Link href="/" className="brand">
            <Icon name="shield" className="brand-icon" />
            Home IoT Guardian
          </Link>
          <Places view={route.view} />
          <Shortcuts />
          <ThemeSwitch />
        </div>
      </header>
      <DemoStrip />
      <StaleStrip />
      {route.view !== 'home' && <UploadStrip />}
      <main id="main" className="page" tabIndex={-1}>
        <View route={route} />
      </main>
      <ToastLine />
      <May as="operator">
        <DropAnywhere />
      </May>
    </>
  );
}

function View({ route }: { route: Route }) {
  switch (route.view) {
    case 'home':
      return <HomePage />;
    case 'live':
      return <LivePage />;
    case 'devices':
      return <DevicesPage />;
    case 'device':
      return <DevicePage key={route.mac} mac={route.mac} />;
    case 'connections':
      return <ConnectionsPage />;
    case 'alerts':
      return <AlertsPage />;
    case 'alert':
      return <AlertPage key={route.id} id={Number(route.id)} />;
    case 'mutes':
      return <MutesPage />;
    case 'notifications':
      return <NotificationsPage />;
    case 'history':
      return <HistoryPage />;
    case 'scan':
      return <ScanPage key={route.id} id={route.id} />;
    case 'system':
      return <SystemPage />;
    case 'account':
      return <AccountPage />;
    case 'users':
      return <UsersPage />;
    case 'tokens':
      return <TokensPage />;
    case 'audit':
      return <AuditPage />;
    case 'trust':
      return <TrustPage />;
    case 'not-found':
      return <NotFoundPage />;
  }
}

function ThemeSwitch() {
  const theme = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <Button variant="link" className="theme-switch" aria-label={`Switch to ${other} colours`} onClick={toggleTheme}>
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </Button>
  );
}
