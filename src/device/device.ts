/** A device as everybody else sees it. Times in seconds since 1970 UTC, by the clock of the packets. */
import type { KindName } from './kind/kinds.ts';

/** The machine that Guardian runs on, unless its owner calls it otherwise. */
export const SELF_NAME = 'This machine (Guardian)';

/** How a device came to own an address: strongest first. */
export type ClaimSource = 'dhcp' | 'arp' | 'nd' | 'traffic';

export interface OwnedAddress {
  address: string;
  source: ClaimSource;
  first_seen: number;
  last_seen: number;
}

export interface Device {
  /** The link-layer address that it is known by. */
  mac: string;
  /** All link-layer addresses: more than one where the owner has merged devices. */
  macs: string[];
  /** The address was made up by the device's software, so it may change and says nothing about the maker. */
  randomised: boolean;
  /** IP addresses that it has used, the latest first. */
  ips: string[];
  addresses: OwnedAddress[];
  /** Maker of the device as far as it is known, else of its network interface. */
  vendor: string | null;
  /** Maker of the interface, as registered with the IEEE. */
  vendor_oui: string | null;
  /** The best of the names that it gives itself. */
  name: string | null;
  kind: KindName;
  /** 0 to 1; 0 for an unknown kind. */
  confidence: number;
  /** Sentences that say why it is this kind, the strongest first. */
  evidence: string[];
  /** Others send it what is for the internet. */
  gateway: boolean;
  /** Guardian runs on it. */
  self: boolean;
  online: boolean;
  first_seen: number;
  last_seen: number;
  /** Sent and received, and their bytes on the wire. */
  packets: number;
  bytes: number;
  packets_sent: number;
  bytes_sent: number;
  /** Services: types that it announces, and ports that it answered on as `tcp/80`. */
  services: string[];
  /** Names that it looked up or asked for. */
  lookups: string[];
  user_agents: string[];
  ja4: string[];
  dhcp: { parameters: string | null; vendor_class: string | null; client_id: string | null };
}

/** Two entries that are probably one device. Nothing is merged until the owner says so. */
export interface MergeProposal {
  /** The younger entry, and the older one that it would become part of. */
  from: string;
  into: string;
  reason: string;
  /** 0 to 1. */
  confidence: number;
}

export type DeviceEvent =
  | { type: 'device.found' | 'device.online' | 'device.offline'; ts: number; mac: string }
  | { type: 'device.address'; ts: number; mac: string; address: string };
