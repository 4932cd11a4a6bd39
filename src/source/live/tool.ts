/** How dumpcap and tcpdump are called, and what they print. */
import { AppError } from '../../errors.ts';

export interface CaptureTool {
  kind: 'tcpdump' | 'dumpcap';
  /** Where the program is. */
  path: string;
}

/** How an interface is captured, whichever it is. */
export interface CaptureOptions {
  /** In the language of pcap-filter(7); the kernel drops what does not match. */
  filter?: string;
  /** Bytes kept of each frame. */
  snapLength?: number;
  /** Size of the kernel's ring buffer. */
  bufferMiB?: number;
  /** Who captures instead of a tool that is started here. */
  service?: CaptureService;
}

/** A service of another user that captures one interface, and hands over a capture to whoever connects. */
export interface CaptureService {
  /** Path of its Unix socket. */
  socket: string;
  interface: string;
}

export interface CaptureSettings extends CaptureOptions {
  interface: string;
  /** Whom tcpdump becomes once it has opened the interface. */
  user?: string | null;
}

/** Whatever gives a capture, and how it is known to be alive. */
export interface CaptureOrigin {
  /** What to call it: "tcpdump", "tcpdump on router". */
  name: string;
  /**
   * `asked`: it answers SIGUSR1 with its counts; `unasked`: its counts come every second by themselves; `never`: it is
   * silent while nothing passes, and held against the counters of the interface.
   */
  answers: 'asked' | 'unasked' | 'never';
  /** The interface of this machine that it listens to; null where it is another machine's. */
  interface: string | null;
  /** Size of the kernel's buffer, where it is not the usual one. */
  bufferMiB?: number;
  /** Not everything that passes the interface is captured. */
  filtered: boolean;
  /** Milliseconds within which the capture begins, and within which it answers from then on. */
  opensWithin: number;
  answersWithin: number;
}

/** A program whose standard output is a capture. */
export interface CaptureCommand extends CaptureOrigin {
  path: string;
  args: readonly string[];
}

/** A service whose every connection is a capture. */
export interface CaptureSocket extends CaptureOrigin {
  socket: string;
}

export const DEFAULT_SNAP_LENGTH = 2048;
export const DEFAULT_BUFFER_MIB = 16;
const LONGEST_FILTER = 1024;

/** What the tool says that it did, all counts since its start. */
export interface ToolCounters {
  captured: number;
  /** Frames that the kernel had to throw away because nobody took them in time. */
  dropped: number;
  /** Frames that reached the kernel's buffer, lost ones included; said at the end only, 0 before. */
  received: number;
}

/**
 * Printable ASCII that is no option: a filter is one argument, and no shell ever sees it. Throws AppError `bad_filter`.
 */
export function requireFilter(filter: string): string {
  const text = filter.trim();
  const refuse = (reason: string): never => {
    throw new AppError('bad_filter', { filter: JSON.stringify(text.slice(0, 60)).slice(1, -1), reason });
  };
  if (text === '') refuse('it is empty');
  if (text.startsWith('-')) refuse('it begins like an option');
  if (text.length > LONGEST_FILTER) refuse(`it is longer than ${LONGEST_FILTER} characters`);
  if (!/^[\x20-\x7e]+$/.test(text)) refuse('it holds characters that no filter has');
  return text;
}

/** The argument array; the interface comes from the system's list. */
export function captureArguments(kind: CaptureTool['kind'], settings: CaptureSettings): string[] {
  const { filter, snapLength = DEFAULT_SNAP_LENGTH, bufferMiB = DEFAULT_BUFFER_MIB } = settings;
  if (kind === 'tcpdump') {
    const bufferKiB = String(1024 * bufferMiB);
    const drop = settings.user ? ['-Z', settings.user] : [];
    const plain = ['-i', settings.interface, '-U', '-w', '-', '-s', String(snapLength), '-B', bufferKiB, '-n'];
    const fixed = [...plain, ...drop];
    return filter === undefined ? fixed : [...fixed, '--', requireFilter(filter)];
  }
  const fixed = ['-q', '-i', settings.interface, '-P', '-w', '-', '-s', String(snapLength), '-B', String(bufferMiB)];
  return filter === undefined ? fixed : [...fixed, '-f', requireFilter(filter)];
}

/** A program that says how a tool would filter, without a capture. */
export interface FilterCompiler {
  name: string;
  path: string;
  args: (filter: string | undefined) => readonly string[];
  withinMs: number;
}

/** A filter may name a host, which is then looked up. */
const COMPILES_WITHIN_MS = 5_000;

/** The words are checked as those of the capture are. */
export function filterCompiler({ kind, path }: CaptureTool, name: string): FilterCompiler {
  const args = (filter: string | undefined): string[] => {
    const wanted = filter === undefined ? [] : [requireFilter(filter)];
    if (kind === 'tcpdump') return ['-d', '-i', name, '-n', '--', ...wanted];
    return ['-d', '-q', '-i', name, ...wanted.flatMap((text) => ['-f', text])];
  };
  return { name: kind, path, args, withinMs: COMPILES_WITHIN_MS };
}

/** The tool on an interface of this machine. */
export function captureCommand({ kind, path }: CaptureTool, settings: CaptureSettings): CaptureCommand {
  return {
    name: kind,
    path,
    args: captureArguments(kind, settings),
    answers: kind === 'tcpdump' ? 'asked' : 'never',
    interface: settings.interface,
    ...(settings.bufferMiB !== undefined && { bufferMiB: settings.bufferMiB }),
    filtered: settings.filter !== undefined,
    opensWithin: 2_500,
    answersWithin: 2_500,
  };
}

/** The service on an interface of this machine. It cannot be asked for its counts: its journal has them. */
export const captureSocket = ({ socket, interface: name }: CaptureService): CaptureSocket => ({
  name: 'the capture service',
  socket,
  answers: 'never',
  interface: name,
  filtered: false,
  opensWithin: 10_000,
  answersWithin: 2_500,
});

/** Takes a line of the tool's standard error into the counters; false where it is not about counts. */
export function parseCounters(line: string, counters: ToolCounters): boolean {
  const dumpcap = /received\/dropped on interface .*: (\d+)\/(\d+) /.exec(line);
  const captured = /(?<!\d)(\d+) packets? captured/.exec(line) ?? /^Packets captured: (\d+)/.exec(line);
  const dropped = /(?<!\d)(\d+) packets? dropped by kernel/.exec(line)?.[1] ?? dumpcap?.[2];
  // While it runs, tcpdump says all counts in one line that begins with its name.
  const received = /^(\d+) packets? received by filter/.exec(line)?.[1];
  if (captured !== null) counters.captured = Number(captured[1]);
  if (dropped !== undefined) counters.dropped = Number(dropped);
  if (received !== undefined) counters.received = Number(received);
  // What dumpcap calls received are those that were not lost.
  if (dumpcap !== null) counters.received = Number(dumpcap[1]) + Number(dumpcap[2]);
  const isCount = captured !== null || dropped !== undefined || received !== undefined;
  return isCount || /packets? dropped by interface/.test(line);
}
