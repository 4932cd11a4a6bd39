import { configDefaults, defineConfig } from 'vitest/config';
import { NoSkips } from './test/no-skips.ts';

/** They wait for a network, a browser or a clock: three of them share two cores as well as two that compute. */
const waiting = ['test/{e2e,lab}/**/*.test.ts', 'src/source/live/**/*.test.ts'];
/** Not part of `npm test`: they take longer than a change may wait. */
const long = ['test/nightly/**/*.test.ts', 'test/release/**/*.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default', new NoSkips()],
    maxConcurrency: 3,
    expect: { poll: { timeout: 10_000 } },
    // For what hangs, not for what is slow: a machine five times slower, with others at work on it, is green too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'web/**/*.test.{ts,tsx}'],
          exclude: [...configDefaults.exclude, ...waiting],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'computing',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...waiting, ...long],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'waiting',
          include: waiting,
          maxWorkers: 3,
          // Real networks and browsers on a machine that others use are late now and then; it says so, and what fails
          // twice is broken.
          retry: 1,
          sequence: { groupOrder: 2 },
        },
      },
      ...['nightly', 'release'].map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          globalSetup: name === 'release' ? ['test/release/build.ts'] : [],
          maxWorkers: 1,
          testTimeout: 3_600_000,
          hookTimeout: 3_600_000,
          sequence: { groupOrder: 3 },
        },
      })),
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts', 'src/{nn,flow}/kernel/assembly/**'],
      reporter: ['text-summary', 'html'],
    },
  },
});
