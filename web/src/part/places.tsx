/** Where one can go. A phone has room for four places; the others are behind "More". */
import { useRef } from 'react';
import { useMay } from '../account/queries.ts';
import { formatCount } from '../format.ts';
import { useMonitor } from '../monitor/queries.ts';
import { Link, type Route } from '../router.tsx';
import { Icon, type IconName } from './icon.tsx';

interface Place {
  view: Route['view'];
  href: string;
  icon: IconName;
  name: string;
}

const first: readonly Place[] = [
  { view: 'home', href: '/', icon: 'house', name: 'Home' },
  { view: 'live', href: '/live', icon: 'live', name: 'Live' },
  { view: 'devices', href: '/devices', icon: 'devices', name: 'Devices' },
  { view: 'alerts', href: '/alerts', icon: 'bell', name: 'Alerts' },
];
const more: readonly Place[] = [
  { view: 'notifications', href: '/notifications', icon: 'mail', name: 'Notifications' },
  { view: 'history', href: '/scans', icon: 'clock', name: 'History' },
  { view: 'system', href: '/system', icon: 'system', name: 'System' },
  { view: 'account', href: '/account', icon: 'person', name: 'Account' },
];

/** Views without a place of their own belong to that of their list. */
const parents: Partial<Record<Route['view'], Route['view']>> = {
  scan: 'history',
  device: 'devices',
  connections: 'devices',
  alert: 'alerts',
  mutes: 'alerts',
  users: 'account',
  tokens: 'account',
  audit: 'account',
  trust: 'system',
};

export function Places({ view }: { view: Route['view'] }) {
  const popover = useRef<HTMLDivElement>(null);
  const here = parents[view] ?? view;
  const isAdmin = useMay('admin');
  const open = useMonitor().data?.open_alerts ?? 0;
  const link = (place: Place) => (
    <Link
      key={place.view}
      href={place.href}
      className="place"
      aria-current={here === place.view ? 'page' : undefined}
      onClick={() => popover.current?.hidePopover()}
    >
      <Icon name={place.icon} />
      {place.name}
      {place.view === 'alerts' && open > 0 && (
        <span className="place-count">
          {formatCount(open)}
          <span className="visually-hidden"> open</span>
        </span>
      )}
    </Link>
  );
  return (
    <nav className="places" aria-label="Main">
      {first.map(link)}
      <button
        type="button"
        className={more.some((place) => place.view === here) ? 'place places-open active' : 'place places-open'}
        popoverTarget="more-places"
      >
        <Icon name="more" />
        More
      </button>
      <div id="more-places" ref={popover} popover="auto" className="more-places">
        {more.filter(({ view: one }) => isAdmin || one !== 'notifications').map(link)}
      </div>
    </nav>
  );
}
