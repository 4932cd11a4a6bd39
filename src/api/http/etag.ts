/** ETag and If-None-Match (RFC 9110, 13.1.2): a script that looks again and again is told that nothing has changed. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

const DIGEST_LENGTH = 22;

/** For the answers of the API that are one text; what is streamed is never asked for again and again. */
export async function addETag(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
  if (!request.url.startsWith('/api/v1/')) return payload;
  const digest = createHash('sha256').update(payload).digest('base64url').slice(0, DIGEST_LENGTH);
  // Weak: a proxy that packs the answer does not change what it says.
  reply.header('etag', `W/"${digest}"`);
  const wanted = request.headers['if-none-match'];
  if (wanted === undefined) return payload;
  const isKnown =
    wanted.trim() === '*' || wanted.split(',').some((one) => one.trim().replace(/^W\//, '') === `"${digest}"`);
  if (!isKnown) return payload;
  reply.code(304).removeHeader('content-type').removeHeader('content-length');
  return '';
}
