/** What is to be watched, as an option or a setting says it, and the source that watches it. */
import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { AppError } from '../../errors.ts';
import { readMachine } from '../../model/edge/machine.ts';
import { CaptureSource } from '../../source/live/capture-source.ts';
import { captureUser } from '../../source/live/capture-user.ts';
import { requireCompiled } from '../../source/live/filter-check.ts';
import { interfaceNames, readLink, requireInterface } from '../../source/live/interfaces.ts';
import { NetflowSource } from '../../source/live/netflow-source.ts';
import { remoteCommand, remoteCompiler, requireRemote } from '../../source/live/remote.ts';
import type { LiveSource } from '../../source/live/source.ts';
import {
  type CaptureOptions,
  type CaptureService,
  captureCommand,
  captureSocket,
  filterCompiler,
  requireFilter,
} from '../../source/live/tool.ts';
import { ZeekSource } from '../../source/live/zeek-source.ts';
import { type AllowList, allowListOf } from '../../source/netflow/allow-list.ts';
import { chooseTool } from './capture-tool.ts';

/** How it is captured is of captures only. */
export interface WatchedTarget extends CaptureOptions {
  /** Of this machine, or of the one that `ssh` names. */
  interface?: string;
  /** `host` or `user@host`. */
  ssh?: string;
  /** `port`, `host:port` or `[host]:port` to listen on. */
  netflow?: string;
  /** Whose NetFlow is taken: addresses and networks with commas between; everybody's without it. */
  exporters?: string;
  /** Folder of a running Zeek's logs. */
  zeek?: string;
}

export interface SourceMachine {
  /** PATH, folders with colons between. */
  searchPath: string;
  isRoot: boolean;
}

const refuse = (source: string, reason: string): never => {
  throw new AppError('bad_source', { source: JSON.stringify(source.slice(0, 60)).slice(1, -1), reason });
};

/**
 * Everything is looked at before anything is started. Rejects with AppError `nothing_to_watch`, `bad_source`,
 * `no_such_interface`, `bad_filter` or `capture_tool_missing`.
 */
export async function openSource(thing: WatchedTarget, { searchPath, isRoot }: SourceMachine): Promise<LiveSource> {
  const { interface: name, ssh, netflow, zeek, snapLength, bufferMiB } = thing;
  const filter = thing.filter === undefined ? undefined : requireFilter(thing.filter);
  const named = [ssh ?? name, netflow, zeek].filter((one) => one !== undefined);
  if (named.length === 0) {
    const known = interfaceNames();
    const example = known.find((one) => !readLink(one).loopback) ?? 'eth0';
    throw new AppError('nothing_to_watch', { known: known.join(', ') || 'none', example });
  }
  if (named.length > 1) refuse(named.join(' and '), 'name one of an interface, NetFlow and Zeek');
  if (netflow !== undefined)
    return new NetflowSource({ ...parseEndpoint(netflow), ...parseExporters(thing.exporters) });
  if (zeek !== undefined) return new ZeekSource({ directory: requireFolder(zeek) });
  const manner = { filter, snapLength, bufferMiB };
  const { tools } = readMachine({ searchPath, dataDirectory: '.', architecture: process.arch });
  if (name === undefined) return refuse(ssh!, 'name the interface of that machine too');
  if (ssh !== undefined) {
    const remote = { host: ssh, interface: name, ...manner };
    requireRemote(remote);
    if (tools.ssh === null) return refuse(ssh, 'there is no ssh on this machine');
    await requireCompiled(remoteCompiler(tools.ssh, remote), filter);
    return new CaptureSource(`${name} on ${ssh}`, remoteCommand(tools.ssh, remote));
  }
  const settings = { interface: requireInterface(name), ...manner };
  if (thing.service !== undefined) return openService(thing.service, name, filter);
  const tool = chooseTool(tools, isRoot);
  await requireCompiled(filterCompiler(tool, settings.interface), filter);
  return new CaptureSource(name, captureCommand(tool, { ...settings, user: captureUser() }));
}

/** It captures what its owner told it to, and nothing else. Throws AppError `bad_source`. */
function openService(service: CaptureService, name: string, filter: string | undefined): LiveSource {
  const change = `"sudo guardian service install --interface ${name}" changes that`;
  if (service.interface !== name) {
    const watched = service.interface === '' ? 'another interface' : service.interface;
    refuse(name, `the capture service captures ${watched}; ${change}`);
  }
  if (filter !== undefined) refuse(name, 'the capture service takes no filter of monitor.filter');
  return new CaptureSource(name, captureSocket(service));
}

/** Throws AppError `bad_source`. */
export function parseEndpoint(text: string): { host: string; port: number } {
  const [, v6, name, port] = /^(?:\[([^\]]+)\]:|([^:[\]]+):)?(\d{1,5})$/.exec(text) ?? [];
  const host = v6 ?? name ?? '127.0.0.1';
  if (port === undefined || Number(port) > 65_535 || isIP(host) === 0) {
    refuse(text, 'that is neither PORT nor ADDRESS:PORT');
  }
  return { host, port: Number(port) };
}

/** Throws AppError `bad_source`. */
export function parseExporters(text = ''): { exporters?: AllowList } {
  const entries = text.split(',').filter((entry) => entry.trim() !== '');
  if (entries.length === 0) return {};
  const exporters = allowListOf(entries);
  return exporters === null ? refuse(text, 'exporters are addresses or networks like 192.168.1.0/24') : { exporters };
}

/** Throws AppError `bad_source`. */
export function requireFolder(folder: string): string {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found === undefined ? refuse(folder, 'there is no such folder') : folder;
}
