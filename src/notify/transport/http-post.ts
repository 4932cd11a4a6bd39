/** POST to a checked target: no redirects, no answer kept beyond what is asked for, ends with the signal. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { DeliveryError, toDeliveryError } from './delivery-error.ts';
import { parseRetryAfter } from './retry.ts';
import type { TargetGuard } from './target-guard.ts';

export interface HttpPostRequest {
  url: string;
  headers?: Record<string, string>;
  body: string;
  /** PEM of an authority to trust instead of the public ones. */
  ca?: string;
  signal: AbortSignal;
  /** Bytes of the answer to read at most; none unless told. */
  readBytes?: number;
}

export interface HttpReply {
  /** The host, for messages: the path of a URL may be a secret. */
  host: string;
  status: number;
  retryAfterMs: number | null;
  /** The beginning of the answer, for its machine-readable parts only: it is shown nowhere. */
  body: string;
}

export type HttpPost = (request: HttpPostRequest) => Promise<HttpReply>;

/** Rejects with AppError `target_refused`, `target_forbidden`, `delivery_unreachable` or `delivery_untrusted`, or with the signal's reason. */
export function createHttpPost(guard: TargetGuard, userAgent: string, now: () => number): HttpPost {
  return async ({ url: text, headers, body, ca, signal, readBytes = 0 }) => {
    signal.throwIfAborted();
    const url = guard.check(text);
    const host = url.hostname;
    return new Promise<HttpReply>((resolve, reject) => {
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        // A connection of its own: a pooled one would have been checked for somebody else.
        agent: false,
        lookup: guard.lookup(url),
        headers: {
          'content-type': 'application/json',
          'user-agent': userAgent,
          ...headers,
          'content-length': Buffer.byteLength(body),
        },
        ca,
        minVersion: 'TLSv1.2',
        maxHeaderSize: 16_384,
        signal,
      });
      request.on('error', (error) => reject(signal.aborted ? signal.reason : toDeliveryError(error, host)));
      request.on('response', (response) => {
        const reply = {
          host,
          status: response.statusCode ?? 0,
          retryAfterMs: parseRetryAfter(response.headers['retry-after'], now()),
        };
        let read = '';
        const finish = (): void => {
          resolve({ ...reply, body: read });
          // Whatever else it wants to say, a huge answer or a slow one, is not waited for.
          request.destroy();
        };
        if (readBytes === 0) return finish();
        response.setEncoding('latin1');
        response.on('data', (chunk: string) => {
          read += chunk.slice(0, readBytes - read.length);
          if (read.length >= readBytes) finish();
        });
        response.on('end', finish);
        response.on('error', finish);
      });
      request.end(body);
    });
  };
}

/** Answers that speak of this message only, and such that speak of the settings. */
const BAD_MESSAGE = [400, 413, 422];
const BAD_SETTINGS = [401, 403, 404, 405, 410];

/** Throws AppError `delivery_refused` unless the answer is a success. */
export function requireSuccess({ host, status, retryAfterMs }: HttpReply): void {
  if (status >= 200 && status < 300) return;
  // Redirects are not followed: where they lead was never checked.
  const redirect = status >= 300 && status < 400;
  const reason = redirect ? `it answered ${status}, a redirect, which is not followed` : `it answered ${status}`;
  const settings = redirect || BAD_SETTINGS.includes(status);
  const blame = settings ? 'settings' : BAD_MESSAGE.includes(status) ? 'message' : 'receiver';
  throw new DeliveryError('delivery_refused', { target: host, reason }, { blame, retryAfterMs });
}
