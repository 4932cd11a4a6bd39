/** Generated from src/alert/words/: node scripts/node.cjs scripts/generate.ts */
import type { Alert } from '../../../src/api/contract.ts';

export const kindsInWords: Readonly<Record<Alert['kind'], string>> = {
  scan: 'Scanning',
  'brute-force': 'Guessing passwords',
  beacon: 'Regular calls',
  flood: 'Flood',
  'slow-dos': 'Blocking a service',
  exfiltration: 'Large upload',
  spoofing: 'Impersonation',
  'protocol-abuse': 'Misuse of a protocol',
  'dns-tunnel': 'Data hidden in name look-ups',
  'generated-names': 'Made-up names',
  'icmp-tunnel': 'Data hidden in pings',
  'remote-control': 'Remote control',
  rate: 'Unusual amounts',
  sequence: 'Unusual order of connections',
  rhythm: 'Unusual rhythm',
  silence: 'Silence',
  'new-destination': 'New destination',
  'new-device': 'New device',
};
