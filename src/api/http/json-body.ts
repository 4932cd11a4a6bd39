/**
 * Bodies of /api/v1 are JSON and small. A change without that content type is refused: it is what a foreign page's form
 * could send without asking first (beside the checks of host-check.ts).
 */
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { App } from '../app.ts';

const MOST_BYTES = 64 * 1024;
const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

export function acceptJson(app: App): void {
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: MOST_BYTES }, (_request, body, done) => {
    try {
      done(null, parse(body as string));
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('onRequest', async ({ method, routeOptions, headers }: FastifyRequest) => {
    // The route that was found, not the path as it was written: that may be encoded in many ways.
    if (!changing.has(method) || !routeOptions.url?.startsWith('/api/v1/')) return;
    if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) throw new AppError('not_json', {});
  });
}

/** An empty body is an empty object. Keys that would reach a prototype are a mistake or an attack. */
function parse(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__' || key === 'constructor') throw new Error(`it has a key "${key}"`);
      return value;
    });
  } catch (error) {
    throw new AppError('invalid_request', { reason: `its body is no JSON: ${(error as Error).message}` });
  }
}
