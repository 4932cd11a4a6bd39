/** What the live monitor knows, on disk: written whole or not at all, readable by its owner only. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { WatchState } from '../../alert/watch.ts';
import type { DeviceState } from '../../device/state.ts';
import { AppError } from '../../errors.ts';

const VERSION = 2;

export interface MonitorState {
  version: typeof VERSION;
  /** Seconds since 1970. */
  saved_at: number;
  /** Seconds that were watched for learning so far. */
  learned: number;
  watch: WatchState;
  devices: DeviceState[];
}

export async function saveState(file: string, state: Omit<MonitorState, 'version'>): Promise<void> {
  const beside = `${file}.new`;
  try {
    await writeFile(beside, JSON.stringify({ version: VERSION, ...state }), { mode: 0o600, flush: true });
    await rename(beside, file);
  } catch (error) {
    // On a full disk half a file would take the room that the rest needs.
    await rm(beside, { force: true }).catch(() => {});
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new AppError('output_not_writable', { file, reason }, { cause: error });
  }
}

/** Null where there is no such file yet. Throws AppError `bad_state_file` and `file_unreadable`. */
export async function loadState(file: string): Promise<MonitorState | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new AppError('file_unreadable', { file, reason: code ?? message }, { cause: error });
  }
  let state: Partial<MonitorState>;
  try {
    state = JSON.parse(text) as Partial<MonitorState>;
  } catch (error) {
    throw new AppError('bad_state_file', { file, reason: 'it is no JSON' }, { cause: error });
  }
  if (state?.version !== VERSION || !Array.isArray(state.devices) || typeof state.learned !== 'number') {
    throw new AppError('bad_state_file', { file, reason: 'it was not written by this version of "guardian monitor"' });
  }
  return state as MonitorState;
}
