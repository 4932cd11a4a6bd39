/**
 * The log, on standard error: one JSON object a line, or plain lines where a person reads them on a terminal.
 * Text from the network reaches it, so control and direction characters never leave it raw.
 */
import { fstatSync } from 'node:fs';
import { styleText } from 'node:util';
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

export interface LogOptions {
  /** Least severe level that is written; `silent` for none. */
  level?: string;
  /** Plain lines instead of JSON. */
  plain?: boolean;
  /** Plain lines for systemd's journal, which adds the time and takes how severe each is. */
  journal?: boolean;
  /** Where lines go; standard error unless told. */
  destination?: DestinationStream;
}

const standardError: DestinationStream = { write: (line) => void process.stderr.write(line) };

export function createLog(options: LogOptions = {}): Log {
  const { level = 'info', plain = false, journal = false, destination = standardError } = options;
  const render = journal ? journalLine : plain ? plainLine : (line: string) => escapeControls(line.trimEnd());
  return pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line) => destination.write(`${render(line)}\n`) },
  );
}

/** Whether systemd says in the environment that standard error is its journal. */
export function isJournal(env: Record<string, string | undefined>): boolean {
  const [device, inode] = (env.JOURNAL_STREAM ?? '').split(':');
  if (inode === undefined) return false;
  const { dev, ino } = fstatSync(2);
  return Number(device) === dev && Number(inode) === ino;
}

/** syslog's severities by pino's levels. */
const severities: Record<number, number> = { 10: 7, 20: 7, 30: 6, 40: 4, 50: 3, 60: 2 };

/** "<4>message key=value": each line with its severity, as sd-daemon(3) has it. */
function journalLine(line: string): string {
  const { level, time: _time, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const values = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const stack = (err as { stack?: string } | undefined)?.stack?.split('\n') ?? [];
  const prefix = `<${severities[Number(level)] ?? 6}>`;
  return [[msg, ...values].filter(Boolean).join(' '), ...stack].map((text) => prefix + escapeControls(text)).join('\n');
}

const colours: Record<number, 'cyan' | 'yellow' | 'red'> = { 30: 'cyan', 40: 'yellow', 50: 'red', 60: 'red' };

/** "08:03:11 info  message key=value", and the stack of an error below it. */
function plainLine(line: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const label = String(pino.levels.labels[Number(level)]).padEnd(5);
  const colour = colours[Number(level)];
  const values = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const stack = (err as { stack?: string } | undefined)?.stack?.split('\n') ?? [];
  return [
    [
      String(time).slice(11, 19),
      colour ? styleText(colour, label, { stream: process.stderr }) : label,
      escapeControls([msg, ...values].filter(Boolean).join(' ')),
    ].join(' '),
    ...stack.map(escapeControls),
  ].join('\n');
}

/** Controls, format characters (direction overrides among them) and line separators as JSON escapes. */
function escapeControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
