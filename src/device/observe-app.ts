/** From the records of application protocols to facts about the device that spoke. */
import type { Announcement, AppRecord, DhcpSighting, SsdpMessage } from '../flow/app-record.ts';
import type { DeviceRecord } from './record.ts';

/** The part of the inventory that a record finds devices and claims addresses with. */
export interface Observed {
  byMac(mac: string | null): DeviceRecord | undefined;
  byAddress(address: string): DeviceRecord | undefined;
  claim(device: DeviceRecord, address: string, source: 'dhcp', ts: number): void;
  /** A DHCP server names the routers of the network. */
  router(address: string): void;
}

export function observeApp(record: AppRecord, inventory: Observed): void {
  switch (record.kind) {
    case 'dns':
      inventory.byAddress(record.id_orig_h)?.facts.add('lookup', lookupName(record.query));
      return;
    case 'tls': {
      const facts = inventory.byAddress(record.id_orig_h)?.facts;
      facts?.add('lookup', lookupName(record.server_name));
      facts?.add('ja4', record.ja4);
      return;
    }
    case 'http': {
      const facts = inventory.byAddress(record.id_orig_h)?.facts;
      if (facts === undefined) return;
      const host = record.host?.replace(/:\d+$/, '') ?? '';
      facts.add('user_agent', record.user_agent);
      // Addresses as hosts are neighbours of the home, not services.
      if (!/[a-z]/i.test(host)) return;
      facts.add('lookup', lookupName(host));
      facts.add('request', `${host.toLowerCase()}${record.uri.replace(/[?#].*$/, '')}`);
      return;
    }
    case 'mqtt':
      inventory.byAddress(record.id_orig_h)?.facts.add('mqtt_client', record.client_id);
      return;
    case 'dhcp':
      observeDhcp(record, inventory);
      return;
    case 'dhcpv6': {
      const facts = inventory.byMac(record.mac)?.facts;
      if (facts === undefined || record.message.clientId === null || record.message.messageType === 7) return;
      facts.add('duid', record.message.clientId);
      facts.add('dhcp_name', record.message.hostName);
      facts.add('dhcp_vendor_class', record.message.vendorClass);
      return;
    }
    case 'announcement':
      observeAnnouncement(record, inventory);
      return;
    case 'ssdp':
      observeSsdp(record, inventory);
      return;
    case 'coap': {
      const facts = inventory.byMac(record.mac)?.facts;
      facts?.add('coap_request', record.uri_path);
      // Type, identity and version: the type is the model.
      facts?.add('model', record.coiot_device?.split('#')[0] ?? null);
      return;
    }
    case 'telnet':
      inventory.byAddress(record.id_resp_h)?.facts.add('login', `telnet on tcp/${record.id_resp_p}`);
      return;
    case 'ssh':
      if (record.server !== null)
        inventory.byAddress(record.id_resp_h)?.facts.add('login', `ssh on tcp/${record.id_resp_p}`);
      return;
  }
}

/** Reverse look-ups tell about others. */
function lookupName(name: string | null): string | null {
  return name === null || name.endsWith('.arpa') || !name.includes('.') ? null : name.toLowerCase();
}

const ACK = 5;
const INFORM = 8;

function observeDhcp({ ts, mac, message }: DhcpSighting, inventory: Observed): void {
  if (!message.isRequest) {
    if (message.messageType !== ACK) return;
    for (const router of message.routers) inventory.router(router);
    const client = inventory.byMac(message.clientMac);
    if (client && message.yourAddress !== null) inventory.claim(client, message.yourAddress, 'dhcp', ts);
    return;
  }
  // A relay's frame is about the client that it names.
  const device = inventory.byMac(message.clientMac ?? mac);
  if (device === undefined) return;
  const { facts } = device;
  facts.add('dhcp_name', message.hostName);
  facts.add('dhcp_vendor_class', message.vendorClass);
  if (message.parameterRequestList.length > 0) facts.add('dhcp_parameters', message.parameterRequestList.join());
  // Type 1 is the hardware address again.
  if (message.clientId !== null && !message.clientId.startsWith('01')) facts.add('dhcp_client_id', message.clientId);
  const renewed = message.messageType === INFORM || message.messageType === 3 ? message.clientAddress : null;
  if (renewed !== null) inventory.claim(device, renewed, 'dhcp', ts);
}

const SERVICE = /(?:^|\.)(_[\w-]+\._(?:tcp|udp))(?:\.local)?$/;

function observeAnnouncement(record: Announcement, inventory: Observed): void {
  const device = inventory.byMac(record.mac);
  const said = record.isResponse ? record.records : record.queries;
  if (device === undefined || device.heard.has(said)) return;
  const { facts } = device;
  const { overflow } = facts;
  // What finds no room is counted every time.
  if (takeAnnouncement(record, device, inventory) && facts.overflow === overflow) device.heard.add(said);
}

/** False where it is about somebody else: that may change. */
function takeAnnouncement(record: Announcement, device: DeviceRecord, inventory: Observed): boolean {
  const { facts } = device;
  if (record.protocol !== 'mdns') {
    // A NetBIOS registration carries the name with the sender's address; an answer, the name that was asked for.
    const type = record.protocol === 'netbios' ? 'netbios_name' : 'llmnr_name';
    const own = record.protocol === 'netbios' ? record.records.filter(({ type }) => type === 'NB') : record.records;
    if (record.protocol === 'netbios' || record.isResponse) for (const { name } of own) facts.add(type, name);
    return false;
  }
  if (!record.isResponse) {
    // Records in a question are what it knows of others already.
    for (const query of record.queries) facts.add('mdns_search', SERVICE.exec(query)?.[1] ?? null);
    return true;
  }
  if (!isOwn(record, device, inventory)) return false;
  for (const { name, type, data } of record.records) {
    if (type === 'A' || type === 'AAAA') {
      facts.add('mdns_name', name.replace(/\.local$/, ''));
      continue;
    }
    const service = SERVICE.exec(type === 'PTR' && name.startsWith('_services._dns-sd') ? data : name)?.[1];
    if (service === undefined) continue;
    facts.add('mdns_service', service);
    if (type === 'TXT') facts.add('mdns_text', `${service} ${data}`);
    const instance = type === 'PTR' ? data : name;
    facts.add('mdns_instance', instance.slice(0, Math.max(0, instance.indexOf(`.${service}`))));
  }
  return true;
}

/**
 * Repeaters, sleep proxies and routers that reflect mDNS between networks pass on the announcements of others: those
 * carry an address of somebody else. An address that nobody is known to have is the sender's own only where it speaks
 * over IPv6: over IPv4 it would be the one that it sends from.
 */
function isOwn(record: Announcement, device: DeviceRecord, inventory: Observed): boolean {
  const addresses = record.records.filter(({ type }) => type === 'A').map(({ data }) => data);
  if (addresses.length === 0 || addresses.includes(record.address)) return true;
  const owners = addresses.map((address) => inventory.byAddress(address));
  if (owners.includes(device)) return true;
  return record.address.includes(':') && owners.every((owner) => owner === undefined);
}

function observeSsdp(record: SsdpMessage, inventory: Observed): void {
  const facts = inventory.byMac(record.mac)?.facts;
  if (facts === undefined) return;
  if (record.method === 'M-SEARCH') {
    facts.add('ssdp_search', record.target);
    facts.add('user_agent', record.server);
    return;
  }
  facts.add('ssdp_server', record.server);
  if (record.target !== null && !record.target.startsWith('uuid:')) facts.add('ssdp_type', record.target);
  facts.add('ssdp_uuid', /^uuid:([^:]+)/.exec(record.usn ?? '')?.[1] ?? null);
  // Ports and addresses change, the name of the document tells the software.
  facts.add('ssdp_location', /^https?:\/\/[^/]+(\/.*)$/.exec(record.location ?? '')?.[1] ?? null);
}
