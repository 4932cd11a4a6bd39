/** The server as its routes know it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Log } from '../log.ts';
import type { UploadLimits } from './http/receive-upload.ts';

export interface ServerLimits extends UploadLimits {
  maxConcurrentScans: number;
}

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, Log, ZodTypeProvider>;
