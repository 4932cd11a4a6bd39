/** A record as the rest of the program sees it. */
import { classify } from './classify.ts';
import { type Device, SELF_NAME } from './device.ts';
import type { FactType } from './fact.ts';
import type { DeviceRecord } from './record.ts';
import { isLocallyAdministered, type Vendor } from './vendor.ts';

/** Frames for the internet that were not sent to it by accident: for several addresses, or for one. */
const LEAST_FORWARDED = 3;
const LEAST_FORWARDED_TO_ONE = 30;

/** Makers of radio modules that others build in: they say little about who sells the device. */
const MODULE_MAKERS =
  /espressif|hi-flying|delta electronics|azurewave|liteon|lite-on|murata|texas instruments|gainspan|hon hai|foxconn|bilian|ampak|realtek|realsil|broadcom|mediatek|ralink|qualcomm|atheros|universal global|usi |wistron neweb|cybertan|inpro|fn-link|silicon lab|microchip|beken|tuya|sichuan ai-link|shenzhen rf-link/i;

/** Names in the order of how much a person would recognise in them. */
const nameOrder: readonly FactType[] = ['dhcp_name', 'mdns_name', 'netbios_name', 'llmnr_name'];

export function describeDevice(
  record: DeviceRecord,
  routers: ReadonlySet<string>,
  lookupVendor: (mac: string) => Vendor | null,
  isSelf: (mac: string) => boolean,
): Device {
  const { facts, presence, mac } = record;
  const vendor = lookupVendor(mac);
  facts.add('vendor', vendor?.registered ?? null);
  const gateway = gatewayEvidence(record, routers);
  const self = record.macs.some(isSelf);
  const classified = classify(facts, gateway);
  const { brand } = classified;
  const { kind, confidence, evidence } = self ? whatGuardianRunsOn(gateway) : classified;
  const isModule = vendor === null || MODULE_MAKERS.test(vendor.registered);
  const logins = facts.get('login');
  const addresses = [...record.addresses.values()].sort((a, b) => b.last_seen - a.last_seen);
  return {
    mac,
    macs: record.macs,
    randomised: isLocallyAdministered(mac),
    ips: addresses.map(({ address }) => address),
    addresses: addresses.map((entry) => ({ ...entry })),
    vendor: (isModule ? brand : null) ?? vendor?.name ?? null,
    vendor_oui: vendor?.registered ?? null,
    name: self ? SELF_NAME : friendlyName(record),
    kind,
    confidence,
    evidence,
    gateway: gateway !== null,
    self,
    online: presence.online,
    first_seen: record.firstSeen,
    last_seen: presence.lastSeen,
    packets: record.packetsSent + record.packetsReceived,
    bytes: record.bytesSent + record.bytesReceived,
    packets_sent: record.packetsSent,
    bytes_sent: record.bytesSent,
    services: [
      ...facts.get('mdns_service'),
      ...facts.get('ssdp_type'),
      // A login says which port it is on.
      ...[...facts.get('open_port')].filter((port) => ![...logins].some((login) => login.endsWith(` ${port}`))),
      ...logins,
    ],
    lookups: [...facts.get('lookup')],
    user_agents: [...facts.get('user_agent')],
    ja4: [...facts.get('ja4')],
    dhcp: {
      parameters: facts.first('dhcp_parameters'),
      vendor_class: facts.first('dhcp_vendor_class'),
      client_id: facts.first('dhcp_client_id'),
    },
  };
}

function whatGuardianRunsOn(gateway: string | null): Pick<Device, 'kind' | 'confidence' | 'evidence'> {
  const evidence = ['Guardian runs on it', ...(gateway === null ? [] : [gateway])];
  return { kind: gateway === null ? 'computer' : 'router', confidence: 1, evidence };
}

function gatewayEvidence(record: DeviceRecord, routers: ReadonlySet<string>): string | null {
  for (const address of record.addresses.keys()) {
    if (routers.has(address)) return `DHCP gives its address ${address} as the router`;
  }
  if (record.forwarded >= (record.forwardsMany ? LEAST_FORWARDED : LEAST_FORWARDED_TO_ONE)) {
    return `others send it what is for the internet: ${record.forwarded} frames`;
  }
  return record.advertisesRouter ? 'advertises itself as an IPv6 router' : null;
}

function friendlyName({ facts }: DeviceRecord): string | null {
  const upnp = facts.get('upnp').find((fact) => fact.startsWith('friendlyName='));
  if (upnp !== undefined) return upnp.slice('friendlyName='.length);
  const cast = facts.get('mdns_text').map((text) => /^_googlecast\._tcp .*?\bfn=(.+?)(?: \w+=|$)/.exec(text)?.[1]);
  for (const name of cast) if (name !== undefined) return name;
  for (const type of nameOrder) {
    const name = facts.first(type);
    if (name !== null) return name;
  }
  return null;
}
