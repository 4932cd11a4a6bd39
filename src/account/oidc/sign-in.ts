/** From somebody whom the provider knows to an account here. */
import { randomBytes } from 'node:crypto';
import { AppError } from '../../errors.ts';
import type { StoredUser } from '../../store/account/user.ts';
import type { Accounts } from '../accounts.ts';
import { type Person, roleOf } from './claims.ts';
import type { OidcProvider } from './provider.ts';

/** In auth_account, beside the subject. */
export const PROVIDER_ID = 'oidc';

/**
 * The account of this person, made where they have none. An account that has their e-mail address is not taken over:
 * whoever can choose an address at the provider would be somebody else here. `link` is its owner, who asks for it.
 * Rejects with AppError `oidc_no_role`, `oidc_not_linked`, `oidc_linked` or `bad_credentials`.
 */
export async function accountOf(
  accounts: Accounts,
  provider: OidcProvider,
  person: Person,
  link: string | undefined,
): Promise<StoredUser> {
  const { users } = accounts.store;
  const role = roleOf(person.groups, provider.options);
  if (role === undefined) throw new AppError('oidc_no_role', { email: person.email });
  const known = await users.findByProvider(PROVIDER_ID, person.subject);
  if (link !== undefined) {
    if (known && known.id !== link) throw new AppError('oidc_linked', {});
    if (!known) await users.addProvider(link, PROVIDER_ID, person.subject, accounts.clock.now());
  } else if (!known) {
    if (await users.find({ email: person.email })) throw new AppError('oidc_not_linked', { email: person.email });
    const id = randomBytes(16).toString('hex');
    const { name, email } = person;
    const now = accounts.clock.now();
    await users.add({ id, name, email, role: role ?? 'viewer', password: null, now });
    await users.addProvider(id, PROVIDER_ID, person.subject, now);
  }
  const user = (await users.findByProvider(PROVIDER_ID, person.subject))!;
  if (user.disabled) throw new AppError('bad_credentials', {});
  if (role === null || role === user.role) return user;
  try {
    return await accounts.change(user.id, { role });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'last_admin') throw error;
    accounts.log.warn({ user: user.email }, 'The provider takes the role from the last administrator: it is kept');
    return user;
  }
}
