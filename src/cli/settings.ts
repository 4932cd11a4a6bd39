/** Settings for a command: its flags over the environment and the files. */
import type { Command } from 'commander';
import { type LoadedSettings, loadSettings } from '../config/load.ts';

/** Flags are given by the dotted path of the setting that they override. */
export function commandSettings(command: Command, flags: Record<string, unknown> = {}): LoadedSettings {
  const { config } = command.optsWithGlobals<{ config?: string }>();
  return loadSettings({ flags, env: process.env, directory: process.cwd(), file: config });
}

export const isQuiet = (command: Command): boolean => command.optsWithGlobals<{ quiet?: boolean }>().quiet === true;
