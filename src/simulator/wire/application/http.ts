/** HTTP/1.1 messages as text (RFC 9112). */
import { ByteWriter } from '../bytes.ts';

export interface HttpRequest {
  method: string;
  path: string;
  host: string;
  agent?: string;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array;
}

function message(first: string, headers: Readonly<Record<string, string>>, body?: Uint8Array): Uint8Array {
  const writer = new ByteWriter(512 + (body?.length ?? 0)).ascii(`${first}\r\n`);
  for (const [name, value] of Object.entries(headers)) writer.ascii(`${name}: ${value}\r\n`);
  writer.ascii('\r\n');
  if (body) writer.bytes(body);
  return writer.done();
}

export function httpRequest({ method, path, host, agent, headers, body }: HttpRequest): Uint8Array {
  return message(
    `${method} ${path} HTTP/1.1`,
    {
      Host: host,
      ...(agent !== undefined && { 'User-Agent': agent }),
      ...headers,
      ...(body && { 'Content-Length': String(body.length) }),
    },
    body,
  );
}

export function httpResponse(status: string, contentType: string, body: Uint8Array, server = 'nginx'): Uint8Array {
  return message(
    `HTTP/1.1 ${status}`,
    { Server: server, 'Content-Type': contentType, 'Content-Length': String(body.length), Connection: 'close' },
    body,
  );
}
