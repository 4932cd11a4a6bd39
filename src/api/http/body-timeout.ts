/** A body that drips in: refused after a while, so that nobody holds connections open with a byte now and then. */
import { PassThrough } from 'node:stream';
import type { FastifyRequest, RequestPayload } from 'fastify';
import { AppError } from '../../errors.ts';

/** A hook for `preParsing`: small bodies are there within `bodyMs`, or answered with AppError `request_timeout`. */
export const createBodyTimeout =
  (bodyMs: number) =>
  async ({ headers }: FastifyRequest, _reply: unknown, payload: RequestPayload): Promise<RequestPayload> => {
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    // An upload may be large; its folder watches how it flows.
    if (!hasBody || /^multipart\//i.test(headers['content-type'] ?? '')) return payload;
    // A stream of its own: destroying the request's would end the connection without an answer.
    const body = new PassThrough();
    // A route that reads no body has no use for the reason.
    body.on('error', () => {});
    const timer = setTimeout(() => body.destroy(new AppError('request_timeout', {})), bodyMs);
    payload.pipe(body).once('close', () => {
      clearTimeout(timer);
      payload.unpipe(body);
    });
    payload.once('close', () => {
      if (!payload.readableEnded) body.destroy();
    });
    return body;
  };
