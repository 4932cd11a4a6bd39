/** Checks what stands between this machine and a live capture, each with the command that mends it. */
import { readFileSync } from 'node:fs';
import { chooseNetwork } from '../device/active/network.ts';
import { ownMacs } from '../device/active/own-machine.ts';
import { readMachine } from '../model/edge/machine.ts';
import { chooseTool } from '../monitor/target/capture-tool.ts';
import { CaptureChild } from '../source/live/capture-child.ts';
import { captureUser } from '../source/live/capture-user.ts';
import { interfaceNames, linkFault, readLink, requireInterface } from '../source/live/interfaces.ts';
import { type CaptureTool, captureCommand } from '../source/live/tool.ts';
import { describePlatform } from './platform.ts';
import { rightsFor, withoutRoot } from './privilege.ts';
import { describeListening, listen } from './sight.ts';

export interface Check {
  name: 'tool' | 'interface' | 'link' | 'capture' | 'sight' | 'privilege' | 'platform';
  /** Null where nothing is missing, but something is to be known. */
  ok: boolean | null;
  what: string;
  /** Commands, to be run as they stand. */
  mend: string[];
}

export interface Report {
  interface: string | null;
  /** Nothing is missing. */
  ready: boolean;
  checks: Check[];
}

export interface DoctorOptions {
  interface?: string;
  /** PATH, folders with colons between. */
  searchPath: string;
  isRoot: boolean;
  env?: Record<string, string | undefined>;
  /** Listens for so long, to say what can be seen; 0 does not. */
  listenSeconds?: number;
}

/** The tool opens the interface at once, or says why not. */
const OPENS_WITHIN_MS = 4_000;

/** Looks, and tries a capture of a moment. Throws AppError `no_such_interface` where a name was given that is none. */
export async function examine(options: DoctorOptions): Promise<Report> {
  const { interface: wanted, searchPath, isRoot, env = {}, listenSeconds = 0 } = options;
  const { tools } = readMachine({ searchPath, dataDirectory: '.', architecture: process.arch });
  const name = wanted === undefined ? defaultName() : requireInterface(wanted);
  const hasTool = tools.tcpdump !== null || tools.dumpcap !== null;
  const checks: Check[] = [checkTool(tools)];
  if (name === null) {
    const others = interfaceNames().filter((one) => !readLink(one).loopback);
    const what = `Which interface is to be watched is not clear. There are: ${others.join(', ') || 'none'}.`;
    checks.push({
      name: 'interface',
      ok: false,
      what,
      mend: others.map((one) => `guardian doctor --interface ${one}`),
    });
  } else {
    checks.push({ name: 'interface', ok: true, what: `The interface ${name} is there.`, mend: [] });
    checks.push(checkLink(name));
    const capture = hasTool ? await tryCapture(name, chooseTool(tools, isRoot)) : null;
    if (capture !== null) checks.push(capture);
    if (capture?.ok && listenSeconds > 0) {
      const command = captureCommand(chooseTool(tools, isRoot), { interface: name });
      const sight = await listen(command, ownMacs(), listenSeconds);
      const ok = sight.others > 0 ? true : null;
      checks.push({ name: 'sight', ok, what: describeListening(name, sight, listenSeconds), mend: [] });
    } else checks.push(describeSight(name));
  }
  if (isRoot && hasTool) checks.push({ name: 'privilege', ok: null, ...withoutRoot(tools) });
  const platform = describePlatform(env);
  if (platform !== null) checks.push({ name: 'platform', ok: null, what: platform.what, mend: [] });
  return { interface: name, ready: checks.every(({ ok }) => ok !== false), checks };
}

export function renderChecks({ checks, ready, interface: name }: Report): string {
  const marks = { true: 'ok     ', false: 'MISSING', null: 'note   ' };
  const lines = checks.flatMap(({ ok, what, mend }) => [
    `${marks[`${ok}`]}  ${what}`,
    ...mend.map((command) => `           ${command}`),
  ]);
  const next = ready
    ? `Ready: guardian monitor --interface ${name}`
    : 'Not ready: run the commands above, then this again.';
  return `${[...lines, next].join('\n')}\n`;
}

/** The interface with the default route, or the only one with an address. */
function defaultName(): string | null {
  try {
    return chooseNetwork().interface;
  } catch {
    return null; // no network at all
  }
}

function checkTool({ tcpdump, dumpcap }: { tcpdump: string | null; dumpcap: string | null }): Check {
  const found = [tcpdump, dumpcap].filter((file) => file !== null);
  if (found.length > 0) return { name: 'tool', ok: true, what: `There is ${found.join(' and ')}.`, mend: [] };
  return { name: 'tool', ok: false, what: 'There is neither tcpdump nor dumpcap.', mend: [installCommand()] };
}

function installCommand(): string {
  if (process.platform === 'darwin') return 'brew install wireshark';
  const family = readText('/etc/os-release');
  if (/^ID(_LIKE)?=.*(fedora|rhel|suse)/m.test(family)) return 'sudo dnf install tcpdump';
  if (/^ID(_LIKE)?=.*alpine/m.test(family)) return 'sudo apk add tcpdump';
  if (/^ID(_LIKE)?=.*arch/m.test(family)) return 'sudo pacman -S tcpdump';
  return 'sudo apt-get install tcpdump';
}

function checkLink(name: string): Check {
  const link = readLink(name);
  const fault = linkFault(name, link);
  if (fault === null) return { name: 'link', ok: true, what: `The link of ${name} is up.`, mend: [] };
  // Switched on without carrier is a matter of cables, which no command mends.
  const mend = link.carrier === false ? [] : [`sudo ip link set ${name} up`];
  const hint = mend.length === 0 ? ': plug in its cable, or join a Wi-Fi network' : '';
  return { name: 'link', ok: false, what: `${sentence(fault)}${hint}.`, mend };
}

async function tryCapture(name: string, tool: CaptureTool): Promise<Check> {
  const child = new CaptureChild(captureCommand(tool, { interface: name, user: captureUser() }));
  const timer = setTimeout(() => child.kill(`${tool.kind} did not open ${name} in time`), OPENS_WITHIN_MS);
  for await (const _ of child.chunks()) break;
  clearTimeout(timer);
  const opened = child.bytes > 0;
  if (opened) await child.stop();
  else await child.closed;
  if (opened) return { name: 'capture', ok: true, what: `${tool.kind} may capture on ${name}.`, mend: [] };
  const reason = child.end ?? 'it gave no reason';
  const isRight = /permission|not permitted|EACCES|EPERM/i.test(reason);
  return { name: 'capture', ok: false, what: `${sentence(reason)}.`, mend: isRight ? rightsFor(tool) : [] };
}

/** Describes what can be seen from here: the cable decides, not the program. */
function describeSight(name: string): Check {
  const { wireless, bridge } = readLink(name);
  const isRouter = readText('/proc/sys/net/ipv4/ip_forward').trim() === '1';
  const sight = (what: string): Check => ({ name: 'sight', ok: null, what, mend: [] });
  if (wireless)
    return sight(`${name} is Wi-Fi: it sees this machine's own traffic and broadcasts, not that of others.`);
  if (bridge || isRouter) {
    const role = bridge ? `${name} is a bridge` : 'This machine forwards packets';
    return sight(`${role}: what passes through it is seen, in promiscuous mode too.`);
  }
  return sight(
    `Behind a switch ${name} sees this machine's own traffic and broadcasts only. To see all devices, connect it to a ` +
      'mirror port (SPAN) of the switch, or run Guardian on the router. Promiscuous mode is switched on by itself.',
  );
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '');

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // another system than Linux
  }
}
