/** A simulated home that is learned and then watched while somebody tries to slip by. */
import type { Alert } from '../../src/alert/alert.ts';
import { createReplay, replayCapture } from '../../src/evaluation/replay.ts';
import type { Frame } from '../../src/evaluation/traffic.ts';
import type { Episode } from '../../src/simulator/attack/attack.ts';
import type { EvasionType } from '../../src/simulator/attack/evasion/index.ts';
import type { AttackOptions, SimulateOptions } from '../../src/simulator/options.ts';
import { simulate } from '../../src/simulator/simulate.ts';

export interface House extends Pick<SimulateOptions, 'devices' | 'seed' | 'bulk'> {
  /** Hours that are learned, before those that are watched. */
  learned: number;
}

/** One way to slip by, from a device of a kind; without one from the default. */
export interface Try {
  type: EvasionType;
  from?: string;
  amount?: number;
  duration?: number;
  /** Minutes after the watch begins. */
  after?: number;
}

export interface Told {
  type: EvasionType;
  attacker: string;
  /** The first alert of a right kind that accuses the attacker. */
  alert: Alert | undefined;
}

interface Framed {
  frames: Frame[];
  episodes: readonly Episode[];
}

function framesOf({ learned, ...home }: House, attacks: AttackOptions[], from: number, to: number): Framed {
  const simulated = simulate({ ...home, hours: to, attacks });
  const border = simulated.start + from * 3.6e9;
  const frames: Frame[] = [];
  for (const { ts, data } of simulated)
    if (ts >= border) frames.push({ ts: ts / 1e6, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 });
  return { frames, episodes: simulated.episodes };
}

const withoutNetworks = { without: new Set(['networks' as const]) };

/** What Guardian knows after the learned hours, as it would be saved. */
export function learn(house: House): string {
  const replay = createReplay(withoutNetworks);
  replayCapture(replay, framesOf(house, [], 0, house.learned).frames);
  return JSON.stringify(replay.watch.save());
}

/** The hours after those that were learned, with these attacks. */
export function watch(house: House, past: string, hours: number, tries: readonly Try[]) {
  const begin = house.learned * 3600;
  const attacks = tries.map(({ after = 5, ...attempt }) => ({
    ...{ kind: 'evasion' as const, at: begin + after * 60 },
    ...attempt,
  }));
  const { frames, episodes } = framesOf(house, attacks, house.learned, house.learned + hours);
  const replay = createReplay(withoutNetworks);
  replay.watch.load(JSON.parse(past));
  replay.watch.engine.learning = false;
  replayCapture(replay, frames);
  const { alerts } = replay;
  const accuses = (alert: Alert, attacker: string): boolean =>
    alert.hosts?.[0] === attacker || alert.address === attacker;
  const told = episodes.map(({ hosts, kinds }, i): Told => {
    const [attacker] = hosts;
    const right = (alert: Alert): boolean =>
      accuses(alert, attacker) && (kinds as readonly string[]).includes(alert.kind);
    return { type: tries[i].type, attacker, alert: alerts.find(right) };
  });
  const attackers = told.map(({ attacker }) => attacker);
  const others = alerts.filter((alert) => !attackers.some((attacker) => accuses(alert, attacker)));
  return { told, alerts, others: others.map(({ kind, sentence }) => `${kind}: ${sentence}`) };
}

/** Those that were not told. */
export const missed = (told: readonly Told[]): EvasionType[] =>
  told.filter(({ alert }) => alert === undefined).map(({ type }) => type);
