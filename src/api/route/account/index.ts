/** Routes of accounts. */
import type { Accounts } from '../../../account/accounts.ts';
import type { App } from '../../app.ts';
import { auditRoutes } from './audit.ts';
import { oidcRoutes } from './oidc.ts';
import { ownAccountRoutes } from './own.ts';
import { sessionRoutes } from './session.ts';
import { tokenRoutes } from './tokens.ts';
import { userRoutes } from './users.ts';

export function accountRoutes(app: App, accounts: Accounts | undefined, origin: () => string): void {
  sessionRoutes(app, accounts);
  if (!accounts) return;
  oidcRoutes(app, accounts, origin);
  ownAccountRoutes(app, accounts);
  tokenRoutes(app, accounts);
  userRoutes(app, accounts);
  auditRoutes(app, accounts.store);
}
