/** The claims of a provider about somebody, and the role that they give. */
import { AppError } from '../../errors.ts';
import type { Role } from '../role.ts';

export interface OidcRoles {
  /** Claim with the groups, perhaps inside others: `realm_access.roles`. */
  claim: string;
  admins: readonly string[];
  operators: readonly string[];
  viewers: readonly string[];
}

export interface Person {
  /** Of the provider, and never given to another. */
  subject: string;
  email: string;
  name: string;
  groups: string[];
}

type Claims = Record<string, unknown>;

/** Throws AppError `oidc_failed` where the claims name nobody. */
export function readPerson(claims: Claims, claim: string): Person {
  const { sub, email, name, preferred_username: short } = claims;
  if (typeof email !== 'string' || !email.includes('@')) {
    throw new AppError('oidc_failed', { reason: 'the provider names no e-mail address' });
  }
  const called = [name, short].find((one) => typeof one === 'string' && one.trim() !== '') as string | undefined;
  return {
    subject: String(sub),
    email: email.toLowerCase().slice(0, 254),
    name: (called ?? email.split('@')[0]).trim().slice(0, 80),
    groups: readGroups(claims, claim),
  };
}

function readGroups(claims: Claims, claim: string): string[] {
  const step = (node: unknown, key: string): unknown =>
    node !== null && typeof node === 'object' && Object.hasOwn(node, key) ? (node as Claims)[key] : undefined;
  // Some providers name a claim by an address with dots in it.
  const value = step(claims, claim) ?? claim.split('.').reduce(step, claims);
  return [value].flat().filter((one) => typeof one === 'string');
}

/** The highest that one of the groups gives; undefined where none does, null where roles are given here and not there. */
export function roleOf(groups: readonly string[], { admins, operators, viewers }: OidcRoles): Role | undefined | null {
  if (admins.length + operators.length + viewers.length === 0) return null;
  const has = (names: readonly string[]): boolean => names.some((name) => groups.includes(name));
  if (has(admins)) return 'admin';
  if (has(operators)) return 'operator';
  return has(viewers) ? 'viewer' : undefined;
}
