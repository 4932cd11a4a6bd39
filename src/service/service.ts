/** `guardian service`: Guardian as two systemd services, made, looked at and taken away again. */
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { examine, renderChecks } from '../doctor/doctor.ts';
import { AppError } from '../errors.ts';
import { readMachine } from '../model/edge/machine.ts';
import { chooseTool } from '../monitor/target/capture-tool.ts';
import {
  CACHE,
  CAPTURE_FILE,
  CAPTURE_USER,
  CONFIGURATION,
  SERVER_FILE,
  SERVER_USER,
  SOCKET,
  STATE,
  unitNames,
} from './place.ts';
import {
  addUser,
  attempt,
  hasUser,
  makeReadable,
  OWN_UNITS,
  packagedUnits,
  requireSystemd,
  run,
  systemctl,
  writeReadable,
} from './system.ts';
import { captureLine, renderUnits } from './units.ts';

export interface InstallOptions {
  /** Undefined for the one with the default route. */
  interface?: string;
  host?: string;
  port?: string;
  /** The program and its arguments that start Guardian, and its folders. */
  command: readonly string[];
  folders: readonly string[];
  searchPath: string;
  isRoot: boolean;
}

const STARTED = ['guardian-capture.socket', 'guardian.service'];
const HOMES = /^\/(?:home|root|run\/user)\//;

/** Starts what the doctor is content with; gives the interface. Rejects with AppError `service_not_possible`. */
export async function installService(options: InstallOptions): Promise<string> {
  const { searchPath, isRoot, command } = options;
  requireSystemd(isRoot);
  const report = await examine({ interface: options.interface, searchPath, isRoot });
  if (!report.ready || report.interface === null) {
    const reason = 'the doctor is not content';
    throw new AppError('service_not_possible', { reason, mend: `It says:\n${renderChecks(report)}` });
  }
  const { tools } = readMachine({ searchPath, dataDirectory: STATE, architecture: process.arch });
  const tool = chooseTool(tools, true);
  addUser(SERVER_USER, STATE);
  addUser(CAPTURE_USER, '/nonexistent');
  makeReadable(CONFIGURATION, SERVER_USER);
  writeReadable(CAPTURE_FILE, `INTERFACE=${report.interface}\n`, SERVER_USER);
  writeReadable(SERVER_FILE, serverEnvironment(report.interface, options), SERVER_USER);
  const packaged = packagedUnits();
  if (packaged === null) {
    const homes = options.folders.map((folder) => realpathSync(folder)).filter((folder) => HOMES.test(`${folder}/`));
    const units = renderUnits({ command: command.map(realProgram), tool, homes });
    for (const name of unitNames) writeFileSync(path.join(OWN_UNITS, name), units[name]);
  } else overrideTool(packaged, captureLine(tool));
  systemctl('daemon-reload');
  systemctl('enable', '--quiet', ...STARTED);
  systemctl('restart', ...STARTED);
  return report.interface;
}

/** What was given stays with the next installation that does not give it. */
function serverEnvironment(name: string, { host, port }: InstallOptions): string {
  const before = existsSync(SERVER_FILE) ? readFileSync(SERVER_FILE, 'utf8') : '';
  const values = new Map(Object.entries(parseEnv(before)));
  values.set('GUARDIAN_MONITOR_INTERFACE', name);
  values.set('GUARDIAN_MONITOR_CAPTURE_SOCKET', SOCKET);
  if (host !== undefined) values.set('GUARDIAN_SERVER_HOST', host);
  if (port !== undefined) values.set('GUARDIAN_SERVER_PORT', port);
  return [...values].map(([key, value]) => `${key}=${value}\n`).join('');
}

/** npm's links are left to npm: a new version moves them. */
const realProgram = (word: string): string => (path.isAbsolute(word) && existsSync(word) ? realpathSync(word) : word);

/** The package's unit names one tool, and this machine may have the other. */
function overrideTool(packaged: string, line: string): void {
  const folder = path.join(OWN_UNITS, 'guardian-capture@.service.d');
  if (readFileSync(path.join(packaged, 'guardian-capture@.service'), 'utf8').includes(`${line}\n`)) {
    rmSync(folder, { recursive: true, force: true });
    return;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'tool.conf'), `[Service]\nExecStart=\n${line}\n`);
}

/** The data and the settings stay unless they are to go too. */
export function removeService({ isRoot, purge }: { isRoot: boolean; purge: boolean }): void {
  requireSystemd(isRoot);
  attempt('systemctl', 'disable', '--now', '--quiet', ...STARTED);
  attempt('systemctl', 'stop', 'guardian-capture@*.service');
  for (const name of unitNames) rmSync(path.join(OWN_UNITS, name), { force: true });
  rmSync(path.join(OWN_UNITS, 'guardian-capture@.service.d'), { recursive: true, force: true });
  systemctl('daemon-reload');
  rmSync(CACHE, { recursive: true, force: true });
  if (!purge) return;
  for (const folder of [STATE, CONFIGURATION]) rmSync(folder, { recursive: true, force: true });
  // A package's users go with the package.
  if (packagedUnits() !== null) return;
  for (const user of [SERVER_USER, CAPTURE_USER]) if (hasUser(user)) run('userdel', user);
}

export interface ServiceStatus {
  installed: boolean;
  /** systemd's word: active, inactive, failed, activating. */
  server: string;
  socket: string;
  /** Runs of the capture tool that are under way. */
  captures: number;
  interface: string | null;
  /** What the server says of itself: where it listens. */
  says: string | null;
  restarts: number;
}

export function serviceStatus(): ServiceStatus {
  const show = (unit: string): Record<string, string> => {
    const properties = 'LoadState,ActiveState,StatusText,NRestarts';
    const text = attempt('systemctl', 'show', `--property=${properties}`, unit) ?? '';
    return Object.fromEntries(text.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)));
  };
  const server = show('guardian.service');
  const captures = attempt('systemctl', 'list-units', '--no-legend', '--plain', '--state=active', 'guardian-capture@*');
  const watched = existsSync(CAPTURE_FILE) ? attempt('cat', CAPTURE_FILE) : null;
  return {
    installed: server.LoadState === 'loaded',
    server: server.ActiveState ?? 'inactive',
    socket: show('guardian-capture.socket').ActiveState ?? 'inactive',
    captures: (captures ?? '').split('\n').filter((line) => line.trim() !== '').length,
    interface: /^INTERFACE=(.+)$/m.exec(watched ?? '')?.[1] ?? null,
    says: server.StatusText || null,
    restarts: Number(server.NRestarts ?? 0),
  };
}
