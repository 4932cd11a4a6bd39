/**
 * With CI set a skipped test fails the run: there everything that a test may need is installed and the shared data lie
 * beside the checkout, so a skip is a hole.
 */
import { existsSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

export class NoSkips implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (!process.env.CI || !existsSync(new URL('../../shared/data', import.meta.url))) return;
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    for (const { module, fullName } of skipped) {
      process.stderr.write(`Skipped, and must run here: ${module.relativeModuleId} > ${fullName}\n`);
    }
    if (skipped.length > 0) process.exitCode = 1;
  }
}
