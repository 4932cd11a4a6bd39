/** Rules that tell the kind of a device: data, one file per kind. */
import type { FactType } from '../fact.ts';

export interface KindRule {
  /** Which facts to look at. */
  in: FactType | readonly FactType[];
  match: RegExp;
  /** How likely it is this kind when only this is known, 0 to 1; the scale is below. */
  weight: number;
  /** Why, as the beginning of a sentence that ends with what was seen. */
  why: string;
  /** Another fact that has to hold as well. */
  and?: { in: FactType | readonly FactType[]; match: RegExp };
  /** Brand, where the interface has another maker's address. */
  brand?: string;
}

export interface KindDefinition<Name extends string = string> {
  kind: Name;
  /** For people. */
  title: string;
  rules: readonly KindRule[];
}

export function defineKind<const Name extends string>(definition: KindDefinition<Name>): KindDefinition<Name> {
  return definition;
}

/** It says so itself, in a field that exists for saying it. */
export const DECLARED = 0.95;
/** A model number or a service that only this kind has. */
export const TELLING = 0.85;
/** Most devices that do so are of this kind. */
export const LIKELY = 0.65;
/** Points there, and is not enough alone. */
export const HINT = 0.35;

/** Where devices put their own names and model numbers; user agents are not here, they name what an app is for. */
export const NAMES = [
  ...(['dhcp_name', 'mdns_name', 'netbios_name', 'llmnr_name', 'mdns_instance', 'mdns_text'] as const),
  ...(['model', 'upnp', 'ssdp_server', 'ssdp_type', 'mqtt_client', 'lldp'] as const),
] as const;

/** The category that a HomeKit accessory declares (HomeKit Accessory Protocol, accessory categories). */
export const homeKit = (...categories: number[]): KindRule => ({
  in: 'mdns_text',
  match: new RegExp(`^_hap\\._(?:tcp|udp) .*\\bci=(?:${categories.join('|')})\\b`),
  weight: DECLARED,
  why: 'declares its HomeKit category',
});
