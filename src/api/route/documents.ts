/** /api/docs: the API to read and to try, from a package, with a policy of its own and nothing from another host. */
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { App } from '../app.ts';

export async function documentRoutes(app: App): Promise<void> {
  await app.register(fastifySwaggerUi, {
    routePrefix: '/api/docs',
    // As everywhere, without the part about trusted types: the viewer draws its own markup, and of our document alone.
    staticCSP: {
      'default-src': "'self'",
      'script-src': "'self'",
      // The hash is of the one style that the viewer brings along.
      'style-src': ["'self'", "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='"],
      'img-src': ["'self'", 'data:'],
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'self'",
      'frame-ancestors': "'none'",
    },
    uiConfig: { validatorUrl: null, deepLinking: false, docExpansion: 'list', tryItOutEnabled: false },
    theme: { title: 'Home IoT Guardian API' },
  });
}
