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

/** By the code with which the provider's way ends: the address of the page names it, so the words stand here. */
export const providerFailures: Record<string, string> = {
  oidc_off: 'No provider is set for signing in. Use the password.',
  oidc_unreachable:
    'The provider does not answer as it should. Use the password, or run "guardian user disable-oidc" on the machine where passwords are not taken.',
  oidc_state: 'That took too long, or was begun in another window. Sign in again.',
  oidc_refused: 'The provider has not let you in. Sign in there with another account.',
  oidc_failed: 'Signing in with the provider failed. An administrator sees under Accounts what came back.',
  oidc_no_role: 'You are in no group that may use this Guardian. Whoever runs the provider can change that.',
  oidc_not_linked:
    'There is an account with your address already. Sign in with its password, and link the provider under Account.',
  oidc_linked: 'That account of the provider belongs to somebody else here.',
  bad_credentials: 'Your account is switched off. An administrator can switch it on.',
};
