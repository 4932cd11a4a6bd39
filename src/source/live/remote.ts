/**
 * tcpdump on another machine, mostly the router, over SSH: its capture comes back through the connection, which itself
 * is not captured. Port, key and jump host are those of the owner's ssh_config.
 */
import { AppError } from '../../errors.ts';
import {
  type CaptureCommand,
  type CaptureSettings,
  DEFAULT_BUFFER_MIB,
  DEFAULT_SNAP_LENGTH,
  type FilterCompiler,
  requireFilter,
} from './tool.ts';

/** The interface is one of that machine. */
export interface RemoteSettings extends CaptureSettings {
  /** `host` or `user@host`, also an alias of ssh_config. */
  host: string;
}

const HOST = /^(?:[a-z_][\w.-]{0,31}@)?[a-z0-9](?:[a-z0-9.:_-]|%(?=\w)){0,252}$/i;
const INTERFACE = /^[a-z0-9][\w.:-]{0,14}$/i;

const OPTIONS = [
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'ConnectTimeout=8',
  'ServerAliveInterval=1',
  'ServerAliveCountMax=3',
  'ClearAllForwardings=yes',
  'ControlPath=none',
  'PermitLocalCommand=no',
  'LogLevel=ERROR',
];

/** Longer than its ConnectTimeout. */
const OPENS_WITHIN_MS = 12_000;

const sshArguments = (host: string, script: string): string[] => [
  ...['-T', '-x', '-a', '-e', 'none'],
  ...OPTIONS.flatMap((option) => ['-o', option]),
  ...['--', host, script],
];

const refuse = (source: string, reason: string): never => {
  throw new AppError('bad_source', { source: JSON.stringify(source.slice(0, 60)).slice(1, -1), reason });
};

/** Names only: nothing that ssh takes for an option, or a shell for more than a word. Throws AppError `bad_source`. */
export function requireRemote({ host, interface: name }: RemoteSettings): void {
  if (!HOST.test(host)) refuse(host, 'that is neither HOST nor USER@HOST');
  if (!INTERFACE.test(name)) refuse(name, 'no network interface has such a name');
}

/**
 * What the shell there runs. `SSH_CONNECTION` begins with our address and port as that machine sees them. tcpdump is
 * asked for its counts every second, for as long as both it and the connection live: whichever ends takes the rest along.
 */
export function remoteScript({ interface: name, filter, ...manner }: RemoteSettings): string {
  const { snapLength = DEFAULT_SNAP_LENGTH, bufferMiB = DEFAULT_BUFFER_MIB } = manner;
  const sizes = `-s ${snapLength} -B ${1024 * bufferMiB}`;
  const wanted = filter === undefined ? '' : quote(`(${requireFilter(filter)}) and `);
  return [
    "trap '' USR1",
    'PATH=$PATH:/usr/sbin:/sbin',
    'set -- $SSH_CONNECTION',
    `tcpdump -i ${name} -U -w - ${sizes} -n -- ${wanted}"not (host \${1%%%*} and tcp port $2)" &`,
    'while sleep 1 && kill -USR1 $! 2>/dev/null; do :; done',
    'wait $!',
  ].join('\n');
}

/** Has the tcpdump there say how it would filter. */
export function remoteCompiler(path: string, settings: RemoteSettings): FilterCompiler {
  requireRemote(settings);
  const { host, interface: name } = settings;
  const args = (filter: string | undefined): string[] => {
    const wanted = filter === undefined ? '' : ` ${quote(requireFilter(filter))}`;
    return sshArguments(host, `PATH=$PATH:/usr/sbin:/sbin\ntcpdump -d -i ${name} -n --${wanted}`);
  };
  return { name: `tcpdump on ${host}`, path, args, withinMs: OPENS_WITHIN_MS };
}

/** A word of a POSIX shell. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** `ssh` with fixed options: no password is asked for, and only a machine that is known already is spoken to. */
export function remoteCommand(path: string, settings: RemoteSettings): CaptureCommand {
  requireRemote(settings);
  return {
    name: `tcpdump on ${settings.host}`,
    path,
    args: sshArguments(settings.host, remoteScript(settings)),
    answers: 'unasked',
    interface: null,
    filtered: true,
    opensWithin: OPENS_WITHIN_MS,
    answersWithin: 4_000,
  };
}
