/** What of the system a service needs: its programs, users and folders. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../errors.ts';

/** Packages bring their units here, and what an administrator writes goes before it. */
const PACKAGED_UNITS = ['/usr/lib/systemd/system', '/lib/systemd/system'];
export const OWN_UNITS = '/etc/systemd/system';

/** Throws AppError `service_not_possible` where systemd does not run, or who asks may not. */
export function requireSystemd(isRoot: boolean): void {
  const refuse = (reason: string, mend: string): never => {
    throw new AppError('service_not_possible', { reason, mend });
  };
  if (!existsSync('/run/systemd/system'))
    refuse('systemd does not run here', 'Start "guardian serve" by what starts programs on this machine.');
  if (!isRoot) refuse('that takes root', 'Run it with sudo.');
}

/** Output of a program that has to succeed. Throws AppError `service_not_possible`. */
export function run(program: string, ...args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const reason = (stderr?.trim() || message).split('\n').at(-1)!.replace(/\.$/, '');
    throw new AppError(
      'service_not_possible',
      { reason: `"${[program, ...args].join(' ')}" says: ${reason}`, mend: 'Mend that, then run this again.' },
      { cause: error },
    );
  }
}

export const systemctl = (...args: string[]): string => run('systemctl', ...args);

/** One that may fail, as of what is not there. */
export function attempt(program: string, ...args: string[]): string | null {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout : null;
}

/** The unit files of a package; null where they are ours to write. */
export function packagedUnits(): string | null {
  return PACKAGED_UNITS.find((folder) => existsSync(path.join(folder, 'guardian.service'))) ?? null;
}

export function hasUser(name: string): boolean {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .some((line) => line.startsWith(`${name}:`));
}

export function addUser(name: string, home: string): void {
  if (hasUser(name)) return;
  run(
    'useradd',
    '--system',
    '--user-group',
    '--home-dir',
    home,
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    name,
  );
}

function groupId(name: string): number {
  const line = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`));
  return Number(line!.split(':')[2]);
}

/** A folder or a file that root writes and the group reads: settings may hold passwords of mail servers. */
export function makeReadable(folder: string, group: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  chownSync(folder, 0, groupId(group));
}

export function writeReadable(file: string, text: string, group: string): void {
  writeFileSync(file, text, { mode: 0o640 });
  chownSync(file, 0, groupId(group));
}
