/** The dashboard's files, and its one HTML page under every address that the dashboard knows. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import { AppError } from '../../errors.ts';
import type { App } from '../app.ts';

/** Addresses of the dashboard's views; web/src/router.tsx draws them. */
const views = [
  '/',
  '/live',
  '/devices',
  '/devices/:mac',
  '/connections',
  '/alerts',
  '/alerts/:id',
  '/mutes',
  '/notifications',
  '/scans',
  '/scans/:id',
  '/system',
  '/account',
  '/users',
  '/tokens',
  '/audit',
  '/setup',
  '/trust',
];

/** Rejects with AppError `dashboard_not_built`. */
export async function dashboardRoutes(app: App, webRoot: string): Promise<void> {
  if (!existsSync(path.join(webRoot, 'index.html'))) throw new AppError('dashboard_not_built', {});
  await app.register(fastifyStatic, {
    root: webRoot,
    // One route for each file that exists: what is not in the folder has no address at all.
    wildcard: false,
    index: false,
    preCompressed: true,
    cacheControl: false,
    schemaHide: true,
    setHeaders(reply, file) {
      // Files under assets/ have their content's hash in their name.
      const hashed = file.includes(`${path.sep}assets${path.sep}`);
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  for (const view of views) {
    app.get(view, { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'));
  }
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && request.headers.accept?.includes('text/html');
    if (wantsPage && !request.url.startsWith('/api/')) return reply.status(404).sendFile('index.html');
    throw new AppError('not_found', {});
  });
}
