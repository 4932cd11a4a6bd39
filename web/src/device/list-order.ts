/** Which devices are shown, and in which order: all of it in the address of the view. */
import type { Device } from '../../../src/api/contract.ts';
import { severities } from '../part/severity.tsx';
import { kindName } from './kind.tsx';

/** Seconds. */
const WEEK = 7 * 86_400;

export const shows = [
  { value: '', name: 'All', fits: () => true },
  { value: 'online', name: 'Online', fits: ({ online }: Device) => online },
  { value: 'risk', name: 'At risk', fits: ({ risk }: Device) => risk !== null },
  { value: 'new', name: 'New this week', fits: ({ first_seen }: Device) => Date.now() / 1000 - first_seen < WEEK },
  { value: 'learning', name: 'Still learning', fits: ({ learning, monitored }: Device) => learning && monitored },
  { value: 'offline', name: 'Offline', fits: ({ online }: Device) => !online },
  { value: 'ignored', name: 'Not monitored', fits: ({ monitored }: Device) => !monitored },
] as const;

const byName = (a: Device, b: Device): number => a.name.localeCompare(b.name, 'en', { numeric: true });
const danger = ({ risk }: Device): number => (risk === null ? severities.length : severities.indexOf(risk));

export const orders = [
  { value: '', name: 'Most urgent first', compare: (a: Device, b: Device) => danger(a) - danger(b) || byName(a, b) },
  { value: 'name', name: 'By name', compare: byName },
  { value: 'seen', name: 'Last seen first', compare: (a: Device, b: Device) => b.last_seen - a.last_seen },
  { value: 'new', name: 'Newest first', compare: (a: Device, b: Device) => b.first_seen - a.first_seen },
  { value: 'traffic', name: 'Most traffic first', compare: (a: Device, b: Device) => b.bytes - a.bytes },
] as const;

/** Every word must be somewhere in what is known of it. */
function matches(device: Device, words: readonly string[]): boolean {
  const { name, announced_name, vendor, kind, macs, ips } = device;
  const text = [name, announced_name, vendor, kind, kindName(kind), ...macs, ...ips].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

export function arrange(devices: readonly Device[], search: URLSearchParams): Device[] {
  const words = (search.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const show = shows.find(({ value }) => value === search.get('show')) ?? shows[0];
  const order = orders.find(({ value }) => value === search.get('sort')) ?? orders[0];
  return devices.filter((device) => show.fits(device) && matches(device, words)).sort(order.compare);
}
