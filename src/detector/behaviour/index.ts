/** The behaviour rules, in the order in which they look at an event. A new rule is one file and one line here. */

import { createBeacon } from './beacon.ts';
import type { Behaviour } from './behaviour.ts';
import { createBruteForce } from './brute-force.ts';
import { createCalling } from './calling.ts';
import { createDns } from './dns.ts';
import { createExfiltration } from './exfiltration.ts';
import { createFlood } from './flood.ts';
import { createMqttAbuse } from './mqtt.ts';
import { createNewcomer } from './newcomer.ts';
import { createScan } from './scan.ts';
import { createSilence } from './silence.ts';
import { createSlowDos } from './slow-dos.ts';
import { createSpoofing } from './spoofing.ts';

export const behaviourFactories = [
  createNewcomer,
  createScan,
  createBruteForce,
  createMqttAbuse,
  createSlowDos,
  createFlood,
  createDns,
  createSpoofing,
  createExfiltration,
  createCalling,
  createBeacon,
  createSilence,
] as const;

/** A set of rules with no past. */
export const createBehaviours = (): Behaviour[] => behaviourFactories.map((create) => create());
