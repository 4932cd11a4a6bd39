/** The engine with its voice: traffic in, alerts out. One path for files, live capture and evaluation. */
import { Engine, type EngineOptions } from '../detector/engine.ts';
import type { Host } from '../feature/host.ts';
import type { Conn } from '../flow/conn.ts';
import type { Packet } from '../packet/packet.ts';
import type { Alert } from './alert.ts';
import { Episodes } from './episodes.ts';

export interface WatchOptions extends Omit<EngineOptions, 'report'> {
  nameOf?: (host: Host) => string;
  onAlert: (alert: Alert) => void;
  onUpdate?: (alert: Alert) => void;
}

export class Watch {
  readonly engine: Engine;
  private readonly episodes: Episodes;

  constructor({ nameOf, onAlert, onUpdate, ...options }: WatchOptions) {
    const engine = new Engine({ ...options, report: (finding) => this.episodes.add(finding) });
    this.engine = engine;
    this.episodes = new Episodes({ nameOf, onAlert, onUpdate, pastOf: (host) => engine.pastOf(host) });
  }

  packet(packet: Packet): number | null {
    return this.engine.packet(packet);
  }

  conn(conn: Conn): number | null {
    const score = this.engine.conn(conn);
    this.episodes.conn(conn);
    return score;
  }
}
