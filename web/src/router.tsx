/** Views by address, on the history API: so few patterns need no library. src/api/route/dashboard.ts serves them. */
import { type AnchorHTMLAttributes, type MouseEvent, useMemo, useSyncExternalStore } from 'react';

const plain = {
  '/': 'home',
  '/live': 'live',
  '/devices': 'devices',
  '/connections': 'connections',
  '/alerts': 'alerts',
  '/mutes': 'mutes',
  '/notifications': 'notifications',
  '/scans': 'history',
  '/system': 'system',
  '/account': 'account',
  '/users': 'users',
  '/tokens': 'tokens',
  '/audit': 'audit',
  '/trust': 'trust',
  '/setup': 'home',
} as const;

export type Route =
  | { view: (typeof plain)[keyof typeof plain] }
  | { view: 'scan' | 'alert'; id: string }
  | { view: 'device'; mac: string }
  | { view: 'not-found' };

export function matchRoute(pathname: string): Route {
  if (Object.hasOwn(plain, pathname)) return { view: plain[pathname as keyof typeof plain] };
  const [, folder, rest] = /^\/(scans|alerts|devices)\/([\da-f:]+)$/.exec(pathname) ?? [];
  if (folder === 'devices') return { view: 'device', mac: rest };
  if (folder && /^\d+$/.test(rest)) return { view: folder === 'scans' ? 'scan' : 'alert', id: rest };
  return { view: 'not-found' };
}

const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

export const usePathname = (): string => useSyncExternalStore(subscribe, () => window.location.pathname);

export function navigate(path: string): void {
  const { pathname, search } = window.location;
  if (path === pathname + search) return;
  window.history.pushState(null, '', path);
  window.scrollTo(0, 0);
  tell();
}

/** What a view shows of its list: part of its address, so that it can be kept and shared. */
export function useSearch(): URLSearchParams {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  return useMemo(() => new URLSearchParams(search), [search]);
}

/** In place: a filter is no new step of the browser's history. The empty text takes the name out. */
export function setSearch(name: string, value: string): void {
  const { pathname, search } = window.location;
  const params = new URLSearchParams(search);
  if (value) params.set(name, value);
  else params.delete(name);
  window.history.replaceState(null, '', params.size > 0 ? `${pathname}?${params}` : pathname);
  tell();
}

/** A link within the dashboard: an ordinary one for every click that asks for a new tab or window. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const ordinary = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!ordinary || event.defaultPrevented) return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
