/** Receivers on loopback that behave, or misbehave, as they are told. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TestCertificate } from './certificate.ts';

/**
 * - `ok`: takes everything
 * - `hang`: accepts the connection and never says a word
 * - `drip`: begins an answer and sends a byte of it now and then
 * - `busy`: asks to come back later
 * - `forbidden`: does not know the login
 */
export type Behaviour = 'ok' | 'hang' | 'drip' | 'busy' | 'forbidden';

export interface Sink<Received> {
  port: number;
  received: Received[];
  /** Connections that were ever made, and that are open now. */
  connections: { made: number; open: number };
  close(): Promise<void>;
}

/** A TCP server, with TLS where a certificate is given, whose connections are counted and closed with it. */
export async function listen(
  onConnection: (socket: Socket) => void,
  certificate?: TestCertificate,
): Promise<Pick<Sink<never>, 'port' | 'connections' | 'close'>> {
  const sockets = new Set<Socket>();
  const connections = { made: 0, open: 0 };
  const accept = (socket: Socket): void => {
    socket.on('error', () => {});
    onConnection(socket);
  };
  const server: Server = certificate ? createTlsServer(certificate, accept) : createServer(accept);
  server.on('tlsClientError', () => {});
  server.on('connection', (socket: Socket) => {
    connections.made++;
    connections.open++;
    sockets.add(socket);
    socket.on('close', () => {
      connections.open--;
      sockets.delete(socket);
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** The first characters of an answer, then one at a time for ever. */
export function drip(socket: Socket, beginning: string): void {
  socket.write(beginning);
  const timer = setInterval(() => socket.write('x'), 20);
  socket.on('close', () => clearInterval(timer));
}

/** A loopback port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const { port, close } = await listen(() => {});
  await close();
  return port;
}
