/** The engine with its voice: traffic in, alerts out. One path for files, live capture and evaluation. */
import { type Acceptance, Engine, type EngineOptions } from '../detector/engine.ts';
import type { Host } from '../feature/host.ts';
import type { Conn } from '../flow/conn.ts';
import type { Packet } from '../packet/packet.ts';
import type { Alert } from './alert.ts';
import { Episodes } from './episodes.ts';
import { expectedRule, type MuteRule, Mutes } from './mute.ts';

export interface WatchOptions extends Omit<EngineOptions, 'report'> {
  nameOf?: (host: Host) => string;
  onAlert: (alert: Alert) => void;
  onUpdate?: (alert: Alert) => void;
}

export class Watch {
  readonly engine: Engine;
  /** What the owner does not want to be told. */
  readonly mutes = new Mutes();
  private readonly episodes: Episodes;
  private readonly hidden = new WeakSet<Alert>();

  constructor({ nameOf, onAlert, onUpdate, ...options }: WatchOptions) {
    const engine = new Engine({ ...options, report: (finding) => this.episodes.add(finding) });
    this.engine = engine;
    this.episodes = new Episodes({
      nameOf,
      pastOf: (host) => engine.pastOf(host),
      onAlert: (alert) => {
        if (this.mutes.hides(alert)) this.hidden.add(alert);
        else onAlert(alert);
      },
      onUpdate: (alert) => {
        if (!this.hidden.has(alert)) onUpdate?.(alert);
        else if (!this.mutes.covers(alert)) {
          // It has turned out to be something else than what was muted.
          this.hidden.delete(alert);
          onAlert(alert);
        }
      },
    });
  }

  packet(packet: Packet): number | null {
    return this.engine.packet(packet);
  }

  conn(conn: Conn): number | null {
    const score = this.engine.conn(conn);
    this.episodes.conn(conn);
    return score;
  }

  /** "This is expected": an exception for exactly this, and what it rested on becomes past. */
  expect(alert: Alert, id: string): { rule: MuteRule; learned: Acceptance } {
    const rule = expectedRule(alert, id);
    this.mutes.add(rule);
    return { rule, learned: this.engine.accept(alert.hosts?.[0] ?? alert.address) };
  }
}
