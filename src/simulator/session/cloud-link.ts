/** The connection that most devices keep to their maker: long-lived TLS, heartbeats, an event now and then. */
import type { Actor } from '../engine/actor.ts';
import { HOUR, type Process, SECOND } from '../engine/simulation.ts';
import { openTls, type TlsOptions, type TlsSession } from './tls.ts';

export interface CloudLinkOptions extends TlsOptions {
  name: string;
  /** Plain bytes of the log-in, up and down. */
  login: readonly [number, number];
  heartbeatSeconds: number;
  heartbeatJitter?: number;
  heartbeat: readonly [up: number, down: number];
  /** Things that happen besides: at most this many an hour, `eventRate` of them. */
  maximumEventsPerHour?: number;
  eventRate?: () => number;
  event?: (session: TlsSession) => Process;
  /** Mean time until either side drops the connection. */
  lifetimeHours: number;
}

export function* cloudLink(actor: Actor, options: CloudLinkOptions): Process {
  const { random } = actor;
  const { name, login, heartbeatSeconds, heartbeatJitter = 0.01, heartbeat, maximumEventsPerHour = 0 } = options;
  const habit = random.fork(`link/${name}`);
  for (let failures = 0; ; ) {
    const session = yield* openTls(actor, name, options);
    if (session === null) {
      failures++;
      yield Math.min(300, 5 * 2 ** failures) * random.uniform(0.8, 1.2) * SECOND;
      continue;
    }
    failures = 0;
    yield* session.exchange(random.size(login[0], 0.15), random.size(login[1], 0.3));
    const end = actor.now + random.exponential(options.lifetimeHours * HOUR);
    const untilEvent = () => (maximumEventsPerHour > 0 ? random.exponential(HOUR / maximumEventsPerHour) : Infinity);
    // Some firmware leaves it to TCP to find out whether the line still holds.
    const probeSeconds = habit.bool(0.25) ? habit.pick([45, 60, 120]) : Infinity;
    let nextHeartbeat = actor.now + random.jitter(heartbeatSeconds, heartbeatJitter) * SECOND;
    let nextEvent = actor.now + untilEvent();
    while (actor.now < end && session.tcp.open) {
      const nextProbe = actor.now + probeSeconds * SECOND;
      const next = Math.min(nextHeartbeat, nextEvent, nextProbe, end);
      yield* session.pause(Math.max(0, next - actor.now) / SECOND);
      if (next === nextProbe) yield* session.tcp.keepAlive(0);
      if (next === nextHeartbeat) {
        yield* session.exchange(random.size(heartbeat[0], 0.05), random.size(heartbeat[1], 0.05));
        // Timers run from the last heartbeat, so that the phase drifts as it does in reality.
        nextHeartbeat = Math.max(actor.now, next) + random.jitter(heartbeatSeconds, heartbeatJitter) * SECOND;
      }
      if (next === nextEvent) {
        const rate = options.eventRate?.() ?? maximumEventsPerHour;
        if (options.event && random.float() * maximumEventsPerHour < rate) yield* options.event(session);
        nextEvent = actor.now + untilEvent();
      }
    }
    yield* session.close(random.bool(0.5) ? 0 : 1);
    yield random.exponential(4) * SECOND;
  }
}
