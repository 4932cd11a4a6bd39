/** Views by address, on the history API: three patterns need no library. src/api/route/dashboard.ts serves them. */
import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react';

export type Route =
  | { view: 'home' }
  | { view: 'history' }
  | { view: 'scan'; id: string }
  | { view: 'system' }
  | { view: 'not-found' };

export function matchRoute(pathname: string): Route {
  if (pathname === '/') return { view: 'home' };
  if (pathname === '/scans') return { view: 'history' };
  if (pathname === '/system') return { view: 'system' };
  const id = /^\/scans\/(\d+)$/.exec(pathname)?.[1];
  return id ? { view: 'scan', id } : { view: 'not-found' };
}

const listeners = new Set<() => void>();

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
  if (path === window.location.pathname) return;
  window.history.pushState(null, '', path);
  window.scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** A link within the dashboard: an ordinary one for every click that asks for a new tab or window. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!plain || event.defaultPrevented) return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
