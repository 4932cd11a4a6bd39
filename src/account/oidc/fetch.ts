/** fetch() for the provider, with the certificate authority of the owner where one is set: Node's own takes none. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { buffer } from 'node:stream/consumers';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

interface Init {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** `ca` is PEM; undefined for those that Node knows. Follows no redirects, as the protocol has none here. */
export function createFetch(ca: string | undefined) {
  return async (address: string, { method = 'GET', headers = {}, body }: Init = {}): Promise<Response> => {
    const url = new URL(address);
    const text = body === undefined || body === null ? undefined : String(body);
    const isForm = body instanceof URLSearchParams;
    const sent = isForm ? { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8', ...headers } : headers;
    return new Promise((resolve, reject) => {
      const options = {
        method,
        headers: text === undefined ? sent : { ...sent, 'content-length': String(Buffer.byteLength(text)) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        agent: false as const,
      };
      const request = url.protocol === 'https:' ? requestHttps(url, { ...options, ca }) : requestHttp(url, options);
      request.on('error', reject);
      request.on('response', (response) => {
        let bytes = 0;
        response.on('data', (piece: Buffer) => {
          bytes += piece.length;
          if (bytes > MAX_BYTES) request.destroy(new Error('the answer of the provider is too large'));
        });
        buffer(response).then((content) => {
          const given = Object.entries(response.headersDistinct).flatMap(([name, values]) =>
            (values ?? []).map((value): [string, string] => [name, value]),
          );
          const status = response.statusCode!;
          const isEmpty = status === 204 || status === 304;
          resolve(new Response(isEmpty ? null : new Uint8Array(content), { status, headers: given }));
        }, reject);
      });
      request.end(text);
    });
  };
}
