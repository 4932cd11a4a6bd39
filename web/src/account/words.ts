/** Roles, scopes and browsers in words. */
import type { AccountRole, TokenScope } from '../../../src/api/contract.ts';

export const roleNames: Record<AccountRole, { name: string; about: string }> = {
  viewer: { name: 'Viewer', about: 'sees everything but settings, and changes nothing' },
  operator: { name: 'Operator', about: 'also looks after alerts, names devices and uploads files' },
  admin: { name: 'Administrator', about: 'also changes settings and accounts' },
};

export const scopeNames: Record<TokenScope, string> = {
  read: 'Read: alerts, devices, traffic and scans',
  upload: 'Upload files to be scanned',
  operate: 'Act: on alerts, devices and what is hidden',
  admin: 'Everything, settings and secrets too',
};

const browsers: readonly [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** "Firefox on Linux"; what does not call itself a browser keeps its own words. */
export function agentInWords(agent: string): string {
  const [browser, system] = [browsers, systems].map((list) => list.find(([pattern]) => pattern.test(agent))?.[1]);
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? (agent.slice(0, 60) || 'An unknown browser');
}
