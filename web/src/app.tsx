/** The frame around every view: where one is, where one can go, and the theme. */
import Button from 'react-bootstrap/Button';
import { HistoryPage } from './page/history.tsx';
import { HomePage } from './page/home.tsx';
import { NotFoundPage } from './page/not-found.tsx';
import { ScanPage } from './page/scan.tsx';
import { SystemPage } from './page/system.tsx';
import { Icon, type IconName } from './part/icon.tsx';
import { Link, matchRoute, type Route, usePathname } from './router.tsx';
import { toggleTheme, useTheme } from './theme.ts';
import { DropAnywhere } from './upload/drop-anywhere.tsx';
import { UploadStrip } from './upload/upload-strip.tsx';

const places: { view: Route['view']; href: string; icon: IconName; name: string }[] = [
  { view: 'home', href: '/', icon: 'search', name: 'Scan' },
  { view: 'history', href: '/scans', icon: 'clock', name: 'History' },
  { view: 'system', href: '/system', icon: 'system', name: 'System' },
];

export function App() {
  const route = matchRoute(usePathname());
  const place = route.view === 'scan' ? 'history' : route.view;
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
          <nav className="places" aria-label="Main">
            {places.map(({ view, href, icon, name }) => (
              <Link key={view} href={href} className="place" aria-current={place === view ? 'page' : undefined}>
                <Icon name={icon} />
                {name}
              </Link>
            ))}
          </nav>
          <ThemeSwitch />
        </div>
      </header>
      {route.view !== 'home' && <UploadStrip />}
      <main id="main" className="page" tabIndex={-1}>
        <View route={route} />
      </main>
      <DropAnywhere />
    </>
  );
}

function View({ route }: { route: Route }) {
  switch (route.view) {
    case 'home':
      return <HomePage />;
    case 'history':
      return <HistoryPage />;
    case 'scan':
      return <ScanPage key={route.id} id={route.id} />;
    case 'system':
      return <SystemPage />;
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
