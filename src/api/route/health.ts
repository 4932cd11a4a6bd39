/** For whoever keeps the server running: does it answer, can it work. Nothing of the network is in it. */
import { z } from 'zod';
import type { Store } from '../../store/store.ts';
import type { App } from '../app.ts';
import type { Scanner } from '../port/scanner.ts';

const aliveSchema = z.object({ status: z.literal('ok') });
/** `missing`: what it waits for. */
const readySchema = z.object({
  status: z.enum(['ready', 'not ready']),
  missing: z.array(z.enum(['database', 'model'])),
});

export function healthRoutes(app: App, { store, scanner }: { store: Store; scanner: Scanner }): void {
  app.get('/healthz', { schema: { summary: 'It answers', response: { 200: aliveSchema } } }, async () => ({
    status: 'ok' as const,
  }));
  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Its database answers and its model is there',
        response: { 200: readySchema, 503: readySchema },
      },
    },
    async (_request, reply) => {
      const hasDatabase = await store.countScans().then(
        () => true,
        () => false,
      );
      const missing: ('database' | 'model')[] = [];
      if (!hasDatabase) missing.push('database');
      if (!scanner.model().loaded) missing.push('model');
      if (missing.length > 0) return reply.status(503).send({ status: 'not ready', missing });
      return { status: 'ready' as const, missing };
    },
  );
}
