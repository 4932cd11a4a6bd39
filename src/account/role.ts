/** Roles of people, scopes of tokens, and the rights that a route asks for. */

/** From least to most: each may do what those before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Scopes of a token. Each stands for itself; `admin` includes the others. */
export const scopes = ['read', 'upload', 'operate', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/**
 * What a route asks for.
 * - `public`: nothing; it shows nothing of the network
 * - `person`: somebody who has signed in, and no token: their own account
 * - the others: that role, or a token with the scope of the same line whose owner has that role
 */
export const accesses = ['public', 'person', 'read', 'upload', 'operate', 'admin'] as const;
export type Access = (typeof accesses)[number];

const neededRole: Record<Exclude<Access, 'public' | 'person'>, Role> = {
  read: 'viewer',
  upload: 'operator',
  operate: 'operator',
  admin: 'admin',
};

/** A role that a later version has written, or a hand, is the least. */
export const toRole = (text: string): Role => roles.find((role) => role === text) ?? 'viewer';

export function roleAllows(role: Role, access: Access): boolean {
  if (access === 'public' || access === 'person') return true;
  return roles.indexOf(role) >= roles.indexOf(neededRole[access]);
}

export function scopesAllow(granted: readonly Scope[], access: Access): boolean {
  if (access === 'public') return true;
  if (access === 'person') return false;
  return granted.includes('admin') || granted.includes(access);
}
