/** The behaviour rules, in the order in which they look at an event. A new rule is one file and one line here. */

import { createBruteForce } from './access/brute-force.ts';
import { createMqttAbuse } from './access/mqtt.ts';
import type { Behaviour } from './behaviour.ts';
import { RemoteControl } from './control/remote-control.ts';
import { createDns } from './name/dns.ts';
import { DnsNames } from './name/dns-names.ts';
import { type BlockLists, createBlockListRule } from './reach/block-list.ts';
import { createCalling } from './reach/calling.ts';
import { createCrowd } from './reach/crowd.ts';
import { createFirstSeen } from './reach/first-seen.ts';
import { createPatientScan } from './reach/patient-scan.ts';
import { createScan } from './reach/scan.ts';
import { createSweep } from './reach/sweep.ts';
import { createBeacon } from './rhythm/beacon.ts';
import { createInsistence } from './rhythm/insistence.ts';
import { createSilence } from './rhythm/silence.ts';
import { createArpSpoofing } from './spoofing/arp-spoofing.ts';
import { createDhcpSpoofing } from './spoofing/dhcp-spoofing.ts';
import { createNewcomer } from './spoofing/newcomer.ts';
import { Voices } from './spoofing/voices.ts';
import { createExfiltration } from './volume/exfiltration.ts';
import { createFlood } from './volume/flood.ts';
import { createIcmpTunnel } from './volume/icmp-tunnel.ts';
import { createReflection } from './volume/reflection.ts';
import { createSlowDos } from './volume/slow-dos.ts';

export const behaviourFactories = [
  createNewcomer,
  createScan,
  createPatientScan,
  createSweep,
  createBruteForce,
  createMqttAbuse,
  createSlowDos,
  createFlood,
  createIcmpTunnel,
  createReflection,
  createCrowd,
  createDns,
  createArpSpoofing,
  createDhcpSpoofing,
  createExfiltration,
  createCalling,
  createBeacon,
  createInsistence,
  createSilence,
  () => new RemoteControl(),
] as const;

/** A set of rules with no past. */
/** @param budget false alarms a week that the owner accepts */
export const createBehaviours = (blockLists: BlockLists, budget = 1): Behaviour[] => [
  new DnsNames(),
  new Voices(),
  ...behaviourFactories.map((create) => create()),
  createFirstSeen(budget),
  createBlockListRule(blockLists),
];
