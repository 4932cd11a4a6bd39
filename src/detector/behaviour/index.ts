/** The behaviour rules, in the order in which they look at an event. A new rule is one file and one line here. */

import { createArpSpoofing } from './arp-spoofing.ts';
import { createBeacon } from './beacon.ts';
import type { Behaviour } from './behaviour.ts';
import { type BlockLists, createBlockListRule } from './block-list.ts';
import { createBruteForce } from './brute-force.ts';
import { createCalling } from './calling.ts';
import { createCrowd } from './crowd.ts';
import { createDhcpSpoofing } from './dhcp-spoofing.ts';
import { createDns } from './dns.ts';
import { createExfiltration } from './exfiltration.ts';
import { createFirstSeen } from './first-seen.ts';
import { createFlood } from './flood.ts';
import { createMqttAbuse } from './mqtt.ts';
import { NameBook } from './name-book.ts';
import { createNewcomer } from './newcomer.ts';
import { createScan } from './scan.ts';
import { createSilence } from './silence.ts';
import { createSlowDos } from './slow-dos.ts';

export const behaviourFactories = [
  createNewcomer,
  createScan,
  createBruteForce,
  createMqttAbuse,
  createSlowDos,
  createFlood,
  createCrowd,
  createDns,
  createArpSpoofing,
  createDhcpSpoofing,
  createExfiltration,
  createCalling,
  createBeacon,
  createSilence,
] as const;

/** A set of rules with no past. */
/** @param budget false alarms a week that the owner accepts */
export const createBehaviours = (blockLists: BlockLists, budget = 1): Behaviour[] => [
  new NameBook(),
  ...behaviourFactories.map((create) => create()),
  createFirstSeen(budget),
  createBlockListRule(blockLists),
];
