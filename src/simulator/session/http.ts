/** HTTP in the clear: between devices of the home, and to the few clouds that still use it. */
import type { Actor } from '../engine/actor.ts';
import type { Remote } from '../engine/host.ts';
import type { Process } from '../engine/simulation.ts';
import { type HttpRequest, httpRequest, httpResponse } from '../wire/application/http.ts';
import { openTcp } from './tcp.ts';

export interface HttpOptions extends Omit<HttpRequest, 'host'> {
  port?: number;
  host?: string;
  status?: string;
  contentType?: string;
  response: Uint8Array;
  server?: string;
  thinkSeconds?: number;
}

/** One request on one connection. */
export function* httpCall(actor: Actor, remote: Remote, options: HttpOptions): Process {
  const { port = 80, response, status = '200 OK', contentType = 'application/json', server } = options;
  const tcp = yield* openTcp(actor, remote, port);
  if (tcp === null) return;
  const host = options.host ?? remote.v4.ip.join('.');
  yield* tcp.send(0, httpRequest({ ...options, host: port === 80 ? host : `${host}:${port}` }), 0.0005);
  const think = options.thinkSeconds ?? actor.random.logNormal(0.008, 0.7);
  yield* tcp.send(1, httpResponse(status, contentType, response, server), think);
  yield* tcp.close(actor.random.bool(0.5) ? 0 : 1);
}
