/** Numbers as people read them. */

/** Within a twentieth of what it is: a whole number from ten on, one decimal below where that says more. */
function amountOf(value: number, unit: string): string {
  const whole = Math.round(value);
  const rounded = value < 10 && Math.abs(value - whole) > value / 40 ? Number(value.toFixed(1)) : whole;
  return `${english.format(rounded)} ${rounded === 1 ? unit : `${unit}s`}`;
}

export function duration(seconds: number): string {
  if (seconds < 0.05) return 'less than 0.1 seconds';
  if (seconds < 100) return amountOf(seconds, 'second');
  if (seconds < 100 * 60) return amountOf(seconds / 60, 'minute');
  if (seconds < 48 * 3600) return amountOf(seconds / 3600, 'hour');
  return amountOf(seconds / 86_400, 'day');
}

/** A short interval with the precision that it deserves: "every 1.4 s", "every 60 s", "every 12 minutes". */
export function interval(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  return seconds < 180 ? `${Math.round(seconds)} s` : duration(seconds);
}

/** Bytes in powers of 1000, three digits. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [unit, value] = [0, count];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${units[unit]}`;
}

/** Made once: an alert that grows is said anew with every connection. */
const english = new Intl.NumberFormat('en-US');

export const count = (number: number, noun: string, plural = `${noun}s`): string =>
  `${english.format(Math.round(number))} ${Math.round(number) === 1 ? noun : plural}`;

/** Clock time in UTC, to the minute. */
export const clock = (ts: number): string => new Date(ts * 1000).toISOString().slice(11, 16);

/** What home devices use, by port: a name says more than a number. */
const SERVICES: Readonly<Record<number, string>> = {
  21: 'FTP',
  22: 'SSH',
  23: 'telnet',
  25: 'mail',
  53: 'DNS',
  80: 'web',
  123: 'time',
  443: 'web',
  445: 'file sharing',
  554: 'video',
  1883: 'MQTT',
  1900: 'UPnP',
  2323: 'telnet',
  3389: 'remote desktop',
  5060: 'telephony',
  5353: 'mDNS',
  5555: 'Android debugging',
  5900: 'screen sharing',
  6667: 'IRC',
  8080: 'web',
  8443: 'web',
  8883: 'MQTT',
};

export function port(number: number): string {
  const name = SERVICES[number];
  return name ? `${name} (port ${number})` : `port ${number}`;
}

/** Some ports by what they serve: "telnet (ports 23 and 2323)". */
export function services(numbers: readonly number[]): string {
  const byName = Map.groupBy(numbers, (number) => SERVICES[number] ?? '');
  const parts = [...byName].map(([name, own]) => {
    const ports = `${own.length === 1 ? 'port' : 'ports'} ${list.format(own.map(String))}`;
    return name === '' ? ports : `${name} (${ports})`;
  });
  return list.format(parts);
}
const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** A share of 0 to 1, two digits. */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
