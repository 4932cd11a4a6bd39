/** The engine with its voice: traffic in, alerts out. One path for files, live capture and evaluation. */
import { type Acceptance, Engine, type SavedEngine } from '../detector/engine.ts';
import type { EngineOptions } from '../detector/engine-options.ts';
import { type Finding, isStatistical } from '../detector/finding.ts';
import type { Host } from '../feature/host.ts';
import type { Conn } from '../flow/conn.ts';
import type { Packet } from '../packet/packet.ts';
import type { Alert } from './alert.ts';
import { Episodes, type SavedEpisode } from './episodes.ts';
import { type IsDevice, type MuteRule, Mutes, type SavedMute } from './mute.ts';

export interface WatchOptions extends Omit<EngineOptions, 'report'> {
  nameOf?: (host: Host) => string;
  onAlert: (alert: Alert) => void;
  onUpdate?: (alert: Alert) => void;
  /** A connection that was listed with an alert. */
  onFlow?: (alert: Alert, conn: Conn) => void;
  /** Whose alerts the owner does not want at all: devices that are not monitored. */
  ignores?: (alert: Alert) => boolean;
  /** Whether an alert is about the device that a mute names, whatever address it has by now. */
  isDevice?: IsDevice;
}

export interface WatchState {
  engine: SavedEngine;
  episodes: SavedEpisode[];
  mutes: SavedMute[];
  /** Ids of open episodes that a mute keeps from the owner. */
  hidden: string[];
}

export class Watch {
  readonly engine: Engine;
  /** What the owner does not want to be told. */
  readonly mutes: Mutes;
  private readonly episodes: Episodes;
  private readonly hidden = new WeakSet<Alert>();
  private readonly onAlert: (alert: Alert) => void;
  private readonly ignores: (alert: Alert) => boolean;

  constructor({ nameOf, onAlert, onUpdate, onFlow, ignores = () => false, isDevice, ...options }: WatchOptions) {
    this.mutes = new Mutes(isDevice);
    const engine = new Engine({ ...options, report: (finding) => this.tell(finding) });
    this.engine = engine;
    this.onAlert = onAlert;
    this.ignores = ignores;
    this.episodes = new Episodes({
      nameOf,
      pastOf: (host, target) => engine.pastOf(host, target),
      isStranger: ({ scope, address }) =>
        scope === 'local' && engine.past.exists && engine.past.since(address) === null,
      onAlert: (alert) => {
        if (ignores(alert) || this.mutes.hides(alert)) this.hidden.add(alert);
        else onAlert(alert);
      },
      onUpdate: (alert) => {
        this.mutes.repeats(alert);
        if (!this.hidden.has(alert)) onUpdate?.(alert);
      },
      onFlow: (alert, conn) => {
        if (!this.hidden.has(alert)) onFlow?.(alert, conn);
      },
    });
  }

  private tell(finding: Finding): void {
    const alert = this.episodes.add(finding);
    // The mute is over while it goes on, or it has turned out to be something else than what was muted.
    if (this.hidden.has(alert) && !this.ignores(alert) && !this.mutes.covers(alert)) {
      this.hidden.delete(alert);
      this.onAlert(alert);
    }
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
  expect(alert: Alert, rule: MuteRule): { rule: MuteRule; learned: Acceptance } {
    const { id } = rule;
    this.mutes.add(rule);
    const { points, usualPerWeek } = this.engine.accept(alert.hosts?.[0] ?? alert.address, id);
    // A rule does not ask how usual an hour is.
    return { rule, learned: { points, usualPerWeek: isStatistical(alert.kind) ? usualPerWeek : null } };
  }

  /** The mute goes; where it was an exception, what was learned with it goes too. */
  unmute(id: string): void {
    this.mutes.remove(id);
    this.engine.revoke(id);
  }

  /** Everything that a restart must not lose, as JSON: the past, what is going on, and the owner's word. */
  save(): WatchState {
    const hidden = this.episodes.alerts.filter((alert) => this.hidden.has(alert)).map(({ id }) => id!);
    return { engine: this.engine.save(), episodes: this.episodes.save(), mutes: this.mutes.save(), hidden };
  }

  /** Takes what `save` gave, before any traffic. Alerts of open episodes are updated further, and not told again. */
  load({ engine, episodes, mutes, hidden }: WatchState): void {
    this.engine.load(engine);
    this.episodes.load(episodes);
    this.mutes.load(mutes);
    for (const alert of this.episodes.alerts) if (hidden.includes(alert.id!)) this.hidden.add(alert);
  }

  /**
   * Alerts that were told before a restart and may still go on: told of no second time. For what has been raised since
   * the state was saved.
   */
  resume(alerts: readonly Alert[]): void {
    this.episodes.resume(alerts);
  }

  /** Episodes of the address are over: its next sign is a new one. */
  forget(address: string): void {
    this.episodes.forget(address);
  }
}
