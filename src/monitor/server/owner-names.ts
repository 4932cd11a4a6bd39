/**
 * Alerts are kept under the names that devices have by themselves, and shown under those that their owner has given:
 * a new name, or an old one again, is there in every alert at once.
 */
import type { Alert } from '../../alert/alert.ts';

/** How an alert calls the device with that address, and what its owner calls it; null where that is the same. */
export type OwnersName = (address: string) => { own: string; given: string } | null;

type Told = Pick<Alert, 'device' | 'address' | 'hosts' | 'sentence' | 'meaning' | 'advice'>;

/** @param mac of the device that the alert is about, where it is known */
export function withOwnersNames<T extends Told>(alert: T, mac: string | null, nameOf: OwnersName): T {
  const { address, hosts = [] } = alert;
  const about = nameOf(mac ?? hosts[0] ?? address);
  const others = hosts.slice(1).flatMap((host) => nameOf(host) ?? []);
  // The alert itself knows how it calls its device; that may have told more of itself since.
  const names = about === null ? others : [{ own: alert.device, given: about.given }, ...others];
  if (names.length === 0) return alert;
  const given = new Map(names.map((name) => [name.own, name.given]));
  // In one go: what an owner writes is never searched.
  const pattern = new RegExp(names.map(({ own }) => alone(own)).join('|'), 'g');
  const rename = (text: string): string => text.replace(pattern, (own) => given.get(own) ?? own);
  return {
    ...alert,
    device: rename(alert.device),
    sentence: rename(alert.sentence),
    meaning: rename(alert.meaning),
    advice: alert.advice.map(rename),
  };
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Not within another address: 192.168.1.7 is no part of 192.168.1.70. */
const alone = (text: string): string => `(?<![\\w:.])${literal(text)}(?![.:]?\\w)`;
