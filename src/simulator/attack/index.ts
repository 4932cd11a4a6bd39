/** Every kind of attack. */
import type { AttackKind } from './attack.ts';
import { beacon } from './beacon.ts';
import { bruteForce } from './brute-force.ts';
import { dnsTunnel } from './dns-tunnel.ts';
import { evasion } from './evasion/index.ts';
import { exfiltration } from './exfiltration.ts';
import { flood } from './flood.ts';
import { generatedNames } from './generated-names.ts';
import { protocolAbuse } from './protocol-abuse.ts';
import { scan } from './scan.ts';
import { silence } from './silence.ts';
import { slowDos } from './slow-dos.ts';
import { spoofing } from './spoofing.ts';

export const attackKinds = [
  scan,
  bruteForce,
  beacon,
  flood,
  slowDos,
  exfiltration,
  spoofing,
  protocolAbuse,
  dnsTunnel,
  generatedNames,
  silence,
  evasion,
] as const;

/** The kinds without their option types, for code that treats all alike. */
export const anyAttackKinds: readonly AttackKind[] = attackKinds as unknown as readonly AttackKind[];
