/**
 * Entries that are probably one device: telephones make up a new address now and then, and a laptop has a cable and a
 * radio. It is proposed with its reason; merging is the owner's decision, for two of the same model look alike.
 */
import type { MergeProposal } from './device.ts';
import type { Facts, FactType } from './fact.ts';
import type { DeviceRecord } from './record.ts';
import { isLocallyAdministered } from './vendor.ts';

/** Identifiers that no two devices share, each with its name. */
const identifiers: readonly (readonly [FactType, string])[] = [
  ['dhcp_client_id', 'the same DHCP client identifier'],
  ['duid', 'the same DHCPv6 identifier'],
  ['ssdp_uuid', 'the same UPnP identifier'],
];
const UNIQUE_CONFIDENCE = 0.9;
const NAME_CONFIDENCE = 0.6;
const FINGERPRINT_CONFIDENCE = 0.15;
/** An identifier that more entries than this share identifies nothing. */
const MAXIMUM_SHARING = 4;
const MAXIMUM_PROPOSALS = 100;

/** An identifier within a TXT record: HomeKit, Cast, Hue, AirPlay. */
const TEXT_ID = /\b(?:id|bridgeid|deviceid|psi|pi)=([0-9a-f:-]{12,40})\b/i;
/** A name that thousands of devices have tells nothing. */
const GENERIC_NAME =
  /^(?:localhost|unknown|android|iphone|ipad|wlan0|espressif|esp[_-]?[0-9a-f]*|lwip\d*|linux|ubuntu|debian|raspberrypi|desktop|laptop|udhcpc?|dhcp|host|device)$/i;

export function proposeMerges(records: readonly DeviceRecord[]): MergeProposal[] {
  const proposals = new Map<string, MergeProposal>();
  for (const [type, reason] of identifiers) {
    pairUp(
      records,
      ({ facts }) => facts.get(type),
      (older, younger, value) => {
        propose(proposals, older, younger, `${reason} (${value})`, UNIQUE_CONFIDENCE);
      },
    );
  }
  pairUp(records, announcedIds, (older, younger, value) => {
    propose(proposals, older, younger, `announces the same identifier (${value})`, UNIQUE_CONFIDENCE);
  });
  pairUp(records, names, (older, younger, name) => {
    // Names are given by people and makers: only an address that is made up, and that came when the other fell silent.
    if (!isLocallyAdministered(younger.mac) && !isLocallyAdministered(older.mac)) return;
    if (younger.firstSeen < older.presence.lastSeen) return;
    const asksAlike = sameFact(older.facts, younger.facts, 'dhcp_parameters');
    const reason = `the same name “${name}”${asksAlike ? ' and the same DHCP fingerprint' : ''}, and one came after the other`;
    propose(proposals, older, younger, reason, NAME_CONFIDENCE + (asksAlike ? FINGERPRINT_CONFIDENCE : 0));
  });
  return [...proposals.values()].sort((a, b) => b.confidence - a.confidence).slice(0, MAXIMUM_PROPOSALS);
}

/** Calls `take` for every two neighbours in time that share a value. */
function pairUp(
  records: readonly DeviceRecord[],
  valuesOf: (record: DeviceRecord) => readonly string[],
  take: (older: DeviceRecord, younger: DeviceRecord, value: string) => void,
): void {
  const sharing = new Map<string, DeviceRecord[]>();
  for (const record of records) {
    for (const value of new Set(valuesOf(record))) {
      const list = sharing.get(value);
      if (list === undefined) sharing.set(value, [record]);
      else list.push(record);
    }
  }
  for (const [value, list] of sharing) {
    if (list.length < 2 || list.length > MAXIMUM_SHARING) continue;
    list.sort((a, b) => a.firstSeen - b.firstSeen);
    for (let i = 1; i < list.length; i++) take(list[i - 1], list[i], value);
  }
}

function announcedIds({ facts }: DeviceRecord): string[] {
  return facts
    .get('mdns_text')
    .map((text) => TEXT_ID.exec(text)?.[1].toLowerCase())
    .filter((id) => id !== undefined);
}

function names({ facts }: DeviceRecord): string[] {
  return [...facts.get('dhcp_name'), ...facts.get('mdns_name'), ...facts.get('netbios_name')]
    .map((name) => name.toLowerCase())
    .filter((name) => name.length > 3 && !GENERIC_NAME.test(name));
}

function sameFact(a: Facts, b: Facts, type: FactType): boolean {
  const values = new Set(a.get(type));
  return b.get(type).some((value) => values.has(value));
}

function propose(
  proposals: Map<string, MergeProposal>,
  older: DeviceRecord,
  younger: DeviceRecord,
  reason: string,
  confidence: number,
): void {
  const key = `${younger.mac} ${older.mac}`;
  const known = proposals.get(key);
  if (known !== undefined && known.confidence >= confidence) return;
  proposals.set(key, { from: younger.mac, into: older.mac, reason, confidence });
}
