import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

const never = new AbortController().signal;

test('two at once, one waits, the next is told that all are busy', async () => {
  const turns = createTurns({ atOnce: 2, waiting: 1 });
  const first = await turns.take(never);
  await turns.take(never);
  let began = false;
  const third = turns.take(never).then((end) => {
    began = true;
    return end;
  });
  await expect(turns.take(never)).rejects.toMatchObject({ code: 'busy' });
  expect(() => turns.requireFree()).toThrow(/busy/);
  expect(began).toBe(false);
  first();
  first();
  (await third)();
  turns.requireFree();
});

test('who gives up while waiting makes room for the next', async () => {
  const turns = createTurns({ atOnce: 1, waiting: 1 });
  const end = await turns.take(never);
  const gone = new AbortController();
  const waiting = turns.take(gone.signal);
  gone.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  const next = turns.take(never);
  end();
  (await next)();
  (await turns.take(never))();
});

test('all get their turn, in order', async () => {
  const turns = createTurns({ atOnce: 2, waiting: 50 });
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      const end = await turns.take(never);
      order.push(i);
      await new Promise((resolve) => setImmediate(resolve));
      end();
    }),
  );
  expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i));
});
