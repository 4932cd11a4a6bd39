/**
 * The one-time link with which the first administrator is made. Its token lies in a file for the owner of the machine
 * alone, so that the command line can make another while the server runs; it is good for an hour and used up by use.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../clock.ts';

const LIFE_MS = 3_600_000;
const FILE = 'setup-token';

export const setUpPath = (token: string): string => `/setup#${token}`;

/** Replaces the one before. */
export function makeSetUpToken(directory: string, clock: Clock): string {
  const token = randomBytes(24).toString('base64url');
  const file = path.join(directory, FILE);
  rmSync(file, { force: true });
  writeFileSync(file, `${token} ${clock.now() + LIFE_MS}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}

export type TokenState = 'good' | 'wrong' | 'expired';

export function checkSetUpToken(directory: string, given: string, clock: Clock): TokenState {
  const [token, until] = readSetUpFile(directory).split(' ');
  if (!token || !timingSafeEqual(digest(token), digest(given))) return 'wrong';
  // A clock that was set back must not make it last for ever.
  const left = Number(until) - clock.now();
  return left > 0 && left <= LIFE_MS ? 'good' : 'expired';
}

export const removeSetUpToken = (directory: string): void => rmSync(path.join(directory, FILE), { force: true });

function readSetUpFile(directory: string): string {
  try {
    return readFileSync(path.join(directory, FILE), 'utf8').trim();
  } catch {
    return '';
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
