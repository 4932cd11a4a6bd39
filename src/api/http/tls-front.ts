/**
 * HTTPS and plain HTTP on one port: the first byte tells them apart. Whoever types the address without "https" is sent
 * on; whoever sends a password or a token in the clear is told so, and not sent on as if nothing had happened.
 */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { AppError } from '../../errors.ts';
import { toBody } from './error-answer.ts';
import { permissionsPolicy } from './security-headers.ts';

export interface TlsFrontOptions {
  /** In PEM. */
  current(): { cert: string; key: string };
  onRenew(listener: () => void): void;
  headersMs: number;
  requestMs: number;
  /** Whether the name in a `Host` header is one of ours; nobody is sent on to another. */
  isOurs(host: string, localAddress: string | undefined): boolean;
}

/** First byte of a TLS record with a handshake (RFC 8446, 5.1); no method of HTTP begins with it. */
const HANDSHAKE = 0x16;

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

export function createTlsFront(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  { current, onRenew, headersMs, requestMs, isOurs }: TlsFrontOptions,
): Server {
  const timeouts = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(headersMs, 2000),
    requireHostHeader: false,
  };
  const secure = createHttpsServer(
    { ...current(), ...timeouts, minVersion: 'TLSv1.2', handshakeTimeout: headersMs },
    handler,
  );
  onRenew(() => secure.setSecureContext({ ...current(), minVersion: 'TLSv1.2' }));
  const plain = createHttpServer(timeouts, (request, response) => {
    // What stays on this machine may be in the clear: health checks, scripts, a reverse proxy.
    if (LOOPBACK.test(request.socket.remoteAddress ?? '')) handler(request, response);
    else sendOn(request, response, isOurs);
  });
  const shake = secure.listeners('connection') as ((socket: Socket) => void)[];
  secure.removeAllListeners('connection');
  secure.on('connection', (socket: Socket) => {
    const tooLate = setTimeout(() => socket.destroy(), headersMs).unref();
    socket.on('error', () => socket.destroy());
    socket.once('close', () => clearTimeout(tooLate));
    const look = (): void => {
      const first = socket.read(1) as Buffer | null;
      if (first === null) return;
      socket.off('readable', look);
      clearTimeout(tooLate);
      socket.unshift(first);
      if (first[0] !== HANDSHAKE) plain.emit('connection', socket);
      else for (const listener of shake) listener.call(secure, socket);
    };
    socket.on('readable', look);
  });
  secure.on('tlsClientError', (_error, socket) => socket.destroy());
  // The connections of both are those of the one that listens: it ends when they do.
  for (const close of ['closeIdleConnections', 'closeAllConnections'] as const) {
    const own = secure[close].bind(secure);
    secure[close] = () => {
      own();
      plain[close]();
    };
  }
  return secure as unknown as Server;
}

function sendOn(request: IncomingMessage, response: ServerResponse, isOurs: TlsFrontOptions['isOurs']): void {
  const host = request.headers.host?.toLowerCase() ?? '';
  const isRight = request.headersDistinct.host?.length === 1 && isOurs(host, request.socket.localAddress);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const headers = {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'permissions-policy': permissionsPolicy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  };
  request.resume();
  if (isRight && isRead && request.headers.authorization === undefined) {
    const target = request.url?.startsWith('/') ? request.url : '/';
    response.writeHead(308, { ...headers, location: `https://${host}${target}` }).end();
    return;
  }
  const error = new AppError(isRight ? 'https_required' : 'unknown_host', {});
  const body = JSON.stringify(toBody(error));
  response.writeHead(error.status, { ...headers, 'content-type': 'application/json; charset=utf-8' }).end(body);
}
