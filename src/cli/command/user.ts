/** `guardian user …`: accounts from the machine itself, whether the server runs or not. Every change is audited. */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { Accounts } from '../../account/accounts.ts';
import { AppError } from '../../errors.ts';
import type { StoredUser } from '../../store/account/user.ts';
import { askPassword } from '../ask-password.ts';
import { commandSettings, isQuiet } from '../settings.ts';
import { note, renderTable } from '../terminal.ts';

interface UserFlags {
  data?: string;
  json?: boolean;
  name?: string;
  role?: string;
}

interface Opened {
  accounts: Accounts;
  find(email: string): Promise<StoredUser>;
  audit(action: string, target: string): Promise<void>;
}

/** Beside a running server: sessions that end here end there within a second. */
async function withAccounts<T>(command: Command, work: (opened: Opened) => Promise<T>): Promise<T> {
  const [{ Accounts }, { openStore }, { createLog }] = await Promise.all([
    import('../../account/accounts.ts'),
    import('../../store/open.ts'),
    import('../../log.ts'),
  ]);
  const { settings } = commandSettings(command, { data: command.opts<UserFlags>().data });
  const log = createLog({ level: 'warn', plain: true });
  const store = await openStore({ directory: settings.data, url: settings.store.url, log, shared: true });
  try {
    const accounts = new Accounts({ store: store.accounts, settings: store.settings, directory: settings.data, log });
    return await work({
      accounts,
      async find(email) {
        const user = await accounts.store.users.find({ email });
        if (!user) throw new AppError('user_not_found', {});
        return user;
      },
      audit: (action, target) =>
        accounts.store.audit.add({
          ...{ ts: Date.now(), actor: userInfo().username, via: 'command line', address: 'this machine' },
          ...{ action, target, outcome: 'done' },
        }),
    });
  } finally {
    await store.close();
  }
}

async function list({ json }: UserFlags, command: Command): Promise<void> {
  await withAccounts(command, async ({ accounts }) => {
    const users = await accounts.store.users.list();
    if (json) {
      process.stdout.write(`${JSON.stringify(users)}\n`);
      return;
    }
    const rows = users.map((user) => [
      ...[user.email, user.name, user.role, user.disabled ? 'switched off' : ''],
      user.twoFactor ? 'authenticator' : '',
    ]);
    process.stdout.write(renderTable(['e-mail', 'name', 'role', 'state', 'second factor'], rows));
  });
}

async function add(email: string, { name, role: asked = 'viewer' }: UserFlags, command: Command): Promise<void> {
  const { roles } = await import('../../account/role.ts');
  const role = roles.find((one) => one === asked);
  if (!role) {
    throw new AppError('bad_option', { option: '--role', value: asked, expected: `Choose ${roles.join(', ')}.` });
  }
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw new AppError('bad_option', { option: 'e-mail', value: email, expected: 'Give it as name@example.org.' });
  }
  await withAccounts(command, async ({ accounts, audit }) => {
    const password = await askPassword(`Password for ${email}: `);
    const user = await accounts.add({ email, name: name ?? email.split('@')[0], role, password });
    await audit('Add an account', `${user.email} as ${user.role}`);
    note(`${user.email} can sign in as ${user.role}.`, isQuiet(command));
  });
}

async function resetPassword(email: string, _flags: UserFlags, command: Command): Promise<void> {
  await withAccounts(command, async ({ accounts, find, audit }) => {
    const user = await find(email);
    await accounts.setPassword(user.id, await askPassword(`New password for ${user.email}: `));
    await audit('Set the password of an account', user.email);
    note(`${user.email} has a new password, and is signed out everywhere.`, isQuiet(command));
  });
}

async function disableTwoFactor(email: string, _flags: UserFlags, command: Command): Promise<void> {
  await withAccounts(command, async ({ accounts, find, audit }) => {
    const user = await find(email);
    await accounts.store.users.disableTwoFactor(user.id);
    await audit('Let an account do without its authenticator', user.email);
    note(`${user.email} signs in with the password alone.`, isQuiet(command));
  });
}

async function switchOidc(on: boolean, command: Command): Promise<void> {
  await withAccounts(command, async ({ accounts, audit }) => {
    await accounts.switchOidc(on);
    await audit(on ? 'Let people sign in with the provider' : 'Let nobody sign in with the provider', '');
    note(on ? 'The provider lets people in.' : 'Passwords let people in, and the provider does not.', isQuiet(command));
  });
}

async function remove(email: string, _flags: UserFlags, command: Command): Promise<void> {
  await withAccounts(command, async ({ accounts, find, audit }) => {
    const user = await find(email);
    await accounts.remove(user.id);
    await audit('Remove an account', user.email);
    note(`${user.email} is gone, with every session and token.`, isQuiet(command));
  });
}

async function setUpLink(_flags: UserFlags, command: Command): Promise<void> {
  const [{ setUpPath }, { urlsOf }, { isLoopback }] = await Promise.all([
    import('../../account/set-up-link.ts'),
    import('../../app/reach.ts'),
    import('../../api/server.ts'),
  ]);
  await withAccounts(command, async ({ accounts }) => {
    const { server } = commandSettings(command).settings;
    const token = await accounts.makeSetUpToken();
    const [url] = urlsOf(server, server.port, await isLoopback(server.host));
    process.stdout.write(`${url}${setUpPath(token)}\n`);
    note(
      'Open it within an hour; where Guardian is reached by another address, put that in its place.',
      isQuiet(command),
    );
  });
}

export function defineUser(program: Command): Command {
  const user = program
    .command('user')
    .description('accounts: who may sign in, and the way back in for those who are locked out')
    .addHelpText(
      'after',
      '\nExamples:\n  guardian user list\n  guardian user add anna@example.org --role operator\n  guardian user reset-password anna@example.org\n\nA password is asked for, or read from standard input where that is no terminal.',
    );
  const define = (usage: string, description: string): Command =>
    user
      .command(usage)
      .description(description)
      .option('--data <dir>', 'data folder (default: home-iot-guardian in the XDG data directory)')
      .exitOverride();
  define('list', 'who may sign in').option('--json', 'as JSON').action(list);
  define('add <e-mail>', 'add an account')
    .option('--name <name>', 'how the page calls them (default: the beginning of the address)')
    .option('--role <role>', 'viewer, operator or admin (default: viewer)')
    .action(add);
  define('reset-password <e-mail>', 'set a password, and sign them out everywhere').action(resetPassword);
  define('disable-2fa <e-mail>', 'let them sign in without the authenticator that was lost').action(disableTwoFactor);
  define('disable-oidc', 'take passwords again, where the provider for signing in is broken').action(
    (_flags, command) => switchOidc(false, command),
  );
  define('enable-oidc', 'let the provider sign people in again').action((_flags, command) => switchOidc(true, command));
  define('remove <e-mail>', 'remove an account with its sessions and tokens').action(remove);
  define('setup-link', 'another link for the first account, when the one before is older than an hour').action(
    setUpLink,
  );
  return user;
}
