/** Every failure leaves as `{"error", "code", "hint"}` with the status of the error table; stacks stay in the log. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AppError } from '../../errors.ts';
import { InvalidFields } from '../../notify/settings/invalid-fields.ts';
import type { ErrorBody } from '../contract.ts';
import { closeGently } from './gentle-close.ts';

/** Commands in a hint stand there as whoever reads it calls them. */
type InWords = (text: string) => string;

export const toBody = (error: AppError, inWords: InWords = (text) => text): ErrorBody => ({
  error: error.message,
  code: error.code,
  hint: inWords(error.hint),
  ...(error instanceof InvalidFields ? { fields: error.fields } : {}),
});

/** Seconds until another try is worth while: a busy server is free again soon. */
const retryAfter = ({ parameters }: AppError): number =>
  'minutes' in parameters ? 60 * Number(parameters.minutes) : 5;

export const createErrorAnswer =
  (inWords: InWords) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const known = toAppError(error, request);
    if (known.status >= 500) request.log.error({ err: error }, known.message);
    else request.log.debug({ code: known.code, url: request.url }, known.message);
    if (known.status === 429 || known.status === 503) reply.header('retry-after', retryAfter(known));
    if (!request.raw.complete) closeGently(reply);
    return reply
      .status(known.status)
      .type('application/json')
      .send(JSON.stringify(toBody(known, inWords)));
  };

function toAppError(error: unknown, request: FastifyRequest): AppError {
  if (error instanceof AppError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const reasons = error.validation.map(({ instancePath, message }) => `${instancePath.slice(1)} ${message}`.trim());
    return new AppError('invalid_request', { reason: reasons.join('; ') }, { cause: error });
  }
  const { code, statusCode, message } = error as FastifyError;
  // A body that is no multipart at all can only have been meant for the upload.
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new AppError('no_file', {}, { cause: error });
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new AppError('body_too_large', { limit: '64 KiB' }, { cause: error });
  if (code === 'ENOSPC') return new AppError('storage_full', {}, { cause: error });
  if (statusCode !== undefined && statusCode < 500) {
    return new AppError('invalid_request', { reason: message }, { cause: error });
  }
  return new AppError('internal', { request: request.id }, { cause: error });
}

/** Requests that never became one: broken or endless headers. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const answer =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new AppError('headers_too_large', {})
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new AppError('request_timeout', {})
        : new AppError('invalid_request', { reason: 'it is not HTTP' });
  const body = JSON.stringify(toBody(answer));
  const head = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
