/** What the palette finds: pages, settings, devices and open alerts, each with the words that it is found by. */
import type { Device, LiveAlert } from '../../../src/api/contract.ts';
import { deviceInWords, kindInWords, sentenceInWords } from '../alert/words.ts';
import { kindName } from '../device/kind.tsx';

export interface Entry {
  href: string;
  name: string;
  /** What it is, beside the name. */
  detail: string;
  words: string;
}

const page = (href: string, name: string, also = ''): Entry => ({ href, name, detail: 'Page', words: also });
const setting = (href: string, name: string, also: string): Entry => ({ href, name, detail: 'Setting', words: also });

export const pages: readonly Entry[] = [
  page('/', 'Home', 'start upload scan file'),
  page('/live', 'Live', 'traffic now packets start stop watching interface'),
  page('/devices', 'Devices', 'inventory who'),
  page('/alerts', 'Open alerts', 'attention warnings'),
  page('/alerts?status=all', 'All alerts', 'history'),
  page('/mutes', 'Hidden alerts', 'expected muted'),
  page('/scans', 'Scan history', 'captures files'),
  page('/system', 'System', 'health database model status'),
  setting(
    '/notifications',
    'Notifications',
    'channel mail e-mail ntfy webhook mqtt telegram rules quiet hours digest time zone',
  ),
  setting('/account', 'Your account', 'password two-factor sessions sign out'),
  setting('/users', 'Users', 'accounts roles'),
  setting('/tokens', 'Tokens', 'api scripts'),
  setting('/audit', 'Log of changes', 'audit'),
];

export const ofDevice = ({ mac, name, kind, vendor, ips, macs }: Device): Entry => ({
  href: `/devices/${mac}`,
  name,
  detail: ['Device', kindName(kind), vendor].filter(Boolean).join(', '),
  words: [...ips, ...macs].join(' '),
});

export const ofAlert = (alert: LiveAlert): Entry => ({
  href: `/alerts/${alert.id}`,
  name: sentenceInWords(alert),
  detail: `${alert.severity} alert`,
  words: `${kindInWords(alert.kind)} ${deviceInWords(alert)} ${alert.hosts.join(' ')}`,
});

/** Every word is somewhere in it; what begins with the first word comes first. */
export function find(entries: readonly Entry[], text: string, most: number): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = entries.filter(({ name, detail, words: also }) => {
    const searched = `${name} ${detail} ${also}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
  const begins = ({ name }: Entry): number => (words[0] && name.toLowerCase().startsWith(words[0]) ? 0 : 1);
  return all.sort((a, b) => begins(a) - begins(b)).slice(0, most);
}
