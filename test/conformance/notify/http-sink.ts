/** An HTTP receiver. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TestCertificate } from './certificate.ts';
import { type Behaviour, drip, listen, type Sink } from './sink.ts';

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Besides the common ones: what only HTTP can do. A number is the status of every answer. */
export type HttpBehaviour = Behaviour | 'huge' | 'redirect' | 'rate-limited' | number;

export interface HttpSink extends Sink<ReceivedRequest> {
  /** From now on it behaves like this. */
  become(behaviour: HttpBehaviour): void;
}

export const HUGE_BYTES = 10 * 1024 * 1024;
/** What a receiver answers must be seen nowhere. */
export const ANSWER = 'internal-page-of-the-receiver';

export async function startHttpSink(first: HttpBehaviour, certificate?: TestCertificate): Promise<HttpSink> {
  let behaviour = first;
  const received: ReceivedRequest[] = [];
  const http: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      received.push({ method, path, headers, body });
      answer(behaviour, response);
    });
  });
  const onConnection = (socket: Socket): void => {
    if (behaviour === 'hang') socket.resume();
    else if (behaviour === 'drip') drip(socket.resume(), 'HTTP/1.1 200 OK\r\nx-slow: ');
    else http.emit('connection', socket);
  };
  const become = (next: HttpBehaviour): void => {
    behaviour = next;
  };
  return { ...(await listen(onConnection, certificate)), received, become };
}

function answer(behaviour: HttpBehaviour, response: ServerResponse): void {
  if (behaviour === 'huge') {
    response.writeHead(500);
    const chunk = 'x'.repeat(65_536);
    for (let sent = 0; sent < HUGE_BYTES; sent += chunk.length) response.write(chunk);
    response.end();
  } else if (behaviour === 'redirect') {
    response.writeHead(302, { location: '/again' }).end(ANSWER);
  } else if (behaviour === 'rate-limited') {
    response.writeHead(429, { 'retry-after': '90' }).end('{"parameters":{"retry_after":90}}');
  } else {
    const statuses: Partial<Record<HttpBehaviour, number>> = { ok: 200, busy: 500, forbidden: 403 };
    response.writeHead(typeof behaviour === 'number' ? behaviour : (statuses[behaviour] ?? 200)).end(ANSWER);
  }
}
