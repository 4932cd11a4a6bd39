/** Every command: one file and one line. What a command needs is loaded when it runs, so that --help stays fast. */
import type { Command } from 'commander';
import { defineBackup } from './command/backup.ts';
import { defineConfig } from './command/config.ts';
import { defineDiscover } from './command/discover.ts';
import { defineDoctor } from './command/doctor.ts';
import { defineEvaluate } from './command/evaluate.ts';
import { defineExport } from './command/export.ts';
import { defineFleet } from './command/fleet.ts';
import { defineFlows } from './command/flows.ts';
import { defineHealth } from './command/health.ts';
import { defineHub } from './command/hub.ts';
import { defineJoin, defineLeave } from './command/join.ts';
import { defineModel } from './command/model.ts';
import { defineMonitor } from './command/monitor.ts';
import { defineOptimize } from './command/optimize.ts';
import { defineRestore } from './command/restore.ts';
import { defineScan } from './command/scan.ts';
import { defineServe } from './command/serve.ts';
import { defineService } from './command/service.ts';
import { defineSimulate } from './command/simulate.ts';
import { defineStore } from './command/store.ts';
import { defineTrain } from './command/train.ts';
import { defineUser } from './command/user.ts';

export const commands: readonly ((program: Command) => Command)[] = [
  defineServe,
  defineScan,
  defineFlows,
  defineDiscover,
  defineMonitor,
  defineDoctor,
  defineTrain,
  defineModel,
  defineOptimize,
  defineExport,
  defineEvaluate,
  defineSimulate,
  defineUser,
  defineService,
  defineHealth,
  defineJoin,
  defineLeave,
  defineHub,
  defineFleet,
  defineBackup,
  defineRestore,
  defineStore,
  defineConfig,
];
