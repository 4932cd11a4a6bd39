import { defineConfig } from 'vitest/config';
import { NoSkips } from './test/no-skips.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', new NoSkips()],
    // Many of them wait for a network, a browser or a clock: two share two cores well, and leave room for what they start.
    maxWorkers: 2,
    maxConcurrency: 3,
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 30_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts', 'src/{nn,flow}/kernel/assembly/**'],
      reporter: ['text-summary', 'html'],
    },
  },
});
