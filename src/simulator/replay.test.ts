import { describe, expect, it } from 'vitest';
import { replay } from './replay.ts';
import { simulate } from './simulate.ts';

/** Time that only passes in sleep. */
function createClock() {
  let now = 5_000;
  return {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe('replay', () => {
  const options = { devices: 4, hours: 0.1, seed: 2 };

  it('gives every frame when it is due and none before', async () => {
    const clock = createClock();
    const home = simulate(options);
    let count = 0;
    for await (const { ts } of replay(home, { speed: 60, clock })) {
      const due = 5_000 + (ts - home.start) / 1000 / 60;
      expect(clock.now()).toBeGreaterThan(due - 1.001);
      expect(clock.now()).toBeLessThan(due + 0.001);
      count++;
    }
    expect(count).toBe([...simulate(options)].length);
    expect((clock.now() - 5_000) / 1000).toBeLessThanOrEqual(6.001);
    expect((clock.now() - 5_000) / 1000).toBeGreaterThan(4);
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    let count = 0;
    for await (const _ of replay(simulate(options), { speed: 60, clock: createClock(), signal: controller.signal })) {
      count++;
      if (count === 25) controller.abort();
    }
    expect(count).toBe(25);
  });
});
