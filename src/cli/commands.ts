/** Every command: one file and one line. What a command needs is loaded when it runs, so that --help stays fast. */
import type { Command } from 'commander';
import { defineConfig } from './command/config.ts';

export const commands: readonly ((program: Command) => Command)[] = [defineConfig];
