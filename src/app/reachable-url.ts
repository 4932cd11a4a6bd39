/** Address of the dashboard in messages: they are read on another machine than the one that listens. */
import { networkInterfaces } from 'node:os';

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/** @param allowedHosts the names under which the owner opens it */
export function reachableUrl(url: string, allowedHosts: readonly string[], own = networkInterfaces()): string {
  const { protocol, hostname, port } = new URL(url);
  const at = (host: string): string => `${protocol}//${host}${port === '' ? '' : `:${port}`}`;
  if (hostname !== '0.0.0.0' && hostname !== '[::]') return LOCAL.includes(hostname) ? at('localhost') : url;
  const [named] = allowedHosts;
  if (named) return at(named);
  const others = Object.values(own).flatMap((addresses) => addresses ?? []);
  const address = others.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  return at(address ?? 'localhost');
}
