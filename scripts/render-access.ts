/** docs/api/access.md: who may use which route, from the list that the server asks. */
import { type Access, roleAllows, roles } from '../src/account/role.ts';
import { routeAccess } from '../src/api/access/routes.ts';

const needs: Record<Access, [string, string]> = {
  public: ['nobody has to sign in', 'none needed'],
  person: ['somebody who has signed in, for the own account', 'never'],
  read: ['', '`read`'],
  upload: ['', '`upload`'],
  operate: ['', '`operate`'],
  admin: ['', '`admin`'],
};

const lowest = (access: Access): string => roles.find((role) => roleAllows(role, access)) ?? '';

export const renderAccess = (): string =>
  [
    '# Who may use which route',
    '',
    'From `src/api/access/routes.ts`, which the server asks before it reads a request. A route that is not listed there is for',
    'administrators alone and fails `test/api/access.test.ts`, which also asks every route as everybody. Roles: `viewer` sees,',
    '`operator` also acts on alerts and devices and uploads files, `admin` also changes settings and accounts. A token does what its',
    'scopes say and never more than its owner may; the scope `admin` includes the others. This page is generated.',
    '',
    '| route | least role | scope of a token |',
    '|---|---|---|',
    ...Object.entries(routeAccess).map(([route, access]) => {
      const [words, scope] = needs[access];
      return `| \`${route}\` | ${words || `\`${lowest(access)}\``} | ${scope} |`;
    }),
    '',
  ].join('\n');
