/** Progress, notes and errors on standard error; tables on standard output. */
import { styleText } from 'node:util';
import cliProgress from 'cli-progress';
import type { AppError } from '../errors.ts';
import { asCalled } from './as-called.ts';

/** An error of use, input or environment: one line, and the exit code of its kind. */
export function fail(error: AppError): void {
  process.stderr.write(
    `${styleText('red', 'Error:', { stream: process.stderr })} ${printable(asCalled(error.toLine()))}\n`,
  );
  process.exitCode = error.exit;
}

export interface Progress {
  /** From 0 to 1. */
  update(fraction: number, note?: string): void;
  stop(): void;
}

/** A progress bar on a terminal; nothing in a pipe or with --quiet. */
export function createProgress(label: string, quiet: boolean): Progress {
  if (quiet || !process.stderr.isTTY) return { update() {}, stop() {} };
  const bar = new cliProgress.SingleBar({
    format: `${label} [{bar}] {percentage}% {note}`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
  });
  bar.start(1000, 0, { note: '' });
  return {
    update: (fraction, note = '') => bar.update(Math.round(fraction * 1000), { note }),
    stop: () => bar.stop(),
  };
}

/** A note for the person at the terminal, on standard error. */
export function note(text: string, quiet = false): void {
  if (!quiet) process.stderr.write(`${asCalled(text).split('\n').map(printable).join('\n')}\n`);
}

/** Columns padded to their widest cell; numbers to the right. */
export function renderTable(header: string[], rows: (string | number)[][]): string {
  const cells = [header, ...rows.map((row) => row.map(String))];
  const width = header.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  const right = header.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  return cells
    .map((row) => row.map((cell, i) => (right[i] ? cell.padStart(width[i]) : cell.padEnd(width[i]))).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** Text from the wire made harmless for a terminal: control and direction characters become visible escapes. */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
