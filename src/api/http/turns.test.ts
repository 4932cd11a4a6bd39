import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

const never = new AbortController().signal;

test('two at once, one waits, the next is told that all are busy', async () => {
  const turns = createTurns({ atOnce: 2, waiting: 1 });
  const first = await turns.take(null, never);
  await turns.take(null, never);
  let began = false;
  const third = turns.take(null, never).then((end) => {
    began = true;
    return end;
  });
  await expect(turns.take(null, never)).rejects.toMatchObject({ code: 'busy' });
  expect(() => turns.requireFree()).toThrow(/busy/);
  expect(began).toBe(false);
  first();
  first();
  (await third)();
  turns.requireFree();
});

test('who gives up while waiting makes room for the next', async () => {
  const turns = createTurns({ atOnce: 1, waiting: 1 });
  const end = await turns.take(null, never);
  const gone = new AbortController();
  const waiting = turns.take(null, gone.signal);
  gone.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  const next = turns.take(null, never);
  end();
  (await next)();
  (await turns.take(null, never))();
});

test('all get their turn, in order', async () => {
  const turns = createTurns({ atOnce: 2, waiting: 50 });
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      const end = await turns.take(null, never);
      order.push(i);
      await new Promise((resolve) => setImmediate(resolve));
      end();
    }),
  );
  expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

test('of one account no more wait than leave places to others', async () => {
  const turns = createTurns({ atOnce: 1, waiting: 4 });
  const end = await turns.take('ada', never);
  const [second, third] = [turns.take('ada', never), turns.take('ada', never)];
  await expect(turns.take('ada', never)).rejects.toMatchObject({ code: 'too_many_uploads', status: 429 });
  const other = turns.take('bob', never);
  end();
  (await second)();
  (await third)();
  (await other)();
  (await turns.take('ada', never))();
});
