/**
 * Protocol `quiet`: false alarms on ordinary life. One house out of several captures, merged in time: learn the first
 * days, or the training captures, and watch the rest with the whole product. Every alert is false.
 */
import { performance } from 'node:perf_hooks';
import type { Alert } from '../alert/alert.ts';
import { TALLIED } from '../detector/alarm/alarm-budget.ts';
import { isStatistical } from '../detector/finding.ts';
import { createInventory } from '../device/inventory.ts';
import { lookupVendor } from '../device/vendor.ts';
import { AppError } from '../errors.ts';
import type { JudgeOptions } from './judge/judge.ts';
import { poissonInterval } from './poisson.ts';
import { createReplay, replayCapture } from './replay.ts';
import { type Frame, merge, play, readFrames } from './traffic.ts';

export interface QuietOptions extends JudgeOptions {
  files: readonly string[];
  trainDays?: number;
  train?: readonly string[];
  test?: readonly string[];
  /** False alarms a week that are asked for. */
  budget?: number;
}

const DAY = 86_400;
const WEEK = 7 * DAY;

export async function evaluateQuiet(options: QuietOptions) {
  const started = performance.now();
  const { training, watched } = await loadPhases(options);
  const budget = options.budget ?? 1;
  const replay = createReplay({ without: options.without, budget });
  for (const frames of training) replayCapture(replay, frames);
  const model = JSON.stringify(replay.watch.engine.save());
  const vetting = replay.alerts.splice(0);
  const learned = performance.now();
  replay.watch.engine.learning = false;
  let seconds = 0;
  let packets = 0;
  for (const frames of watched) {
    replayCapture(replay, frames);
    seconds += (frames.at(-1)?.ts ?? 0) - (frames[0]?.ts ?? 0);
    packets += frames.length;
  }
  const watchSeconds = (performance.now() - learned) / 1000;
  // Rules alarm at any budget.
  const ruled = replay.alerts.filter(({ kind }) => !isStatistical(kind)).length;
  const perWeek = (rate: number): number => (rate * seconds) / WEEK;
  return {
    protocol: 'quiet',
    detector: 'guardian',
    without: [...options.without],
    budget_per_week: budget,
    days: seconds / DAY,
    devices: countDevices([...training, ...watched]),
    packets,
    alerts: replay.alerts.map(brief),
    learning_alerts: vetting.map(brief),
    expected: perWeek(budget),
    by_budget: Object.fromEntries(TALLIED.map((rate) => [rate, replay.watch.engine.alarmBudget.tally[rate] + ruled])),
    promised: Object.fromEntries(TALLIED.map((rate) => [rate, poissonInterval(perWeek(rate))])),
    train_seconds: (learned - started) / 1000,
    packets_per_second: Math.round(packets / Math.max(watchSeconds, 1e-9)),
    model_bytes: model.length,
    seconds: (performance.now() - started) / 1000,
    peak_memory_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

const brief = ({ ts, raised_ts = ts, kind, severity, device, sentence }: Alert) => ({
  ...{ ts: raised_ts, device, kind, severity, sentence },
});

/** By their link-layer addresses, as the inventory of the live monitor would. */
function countDevices(captures: readonly (readonly Frame[])[]): number {
  const inventory = createInventory({ lookupVendor });
  for (const frames of captures) play(frames, (packet) => inventory.packet(packet));
  return inventory.size;
}

/** What is learned and what is watched, each a list of merged captures. */
async function loadPhases(options: QuietOptions): Promise<{ training: Frame[][]; watched: Frame[][] }> {
  const load = async (files: readonly string[]): Promise<Frame[][]> => {
    const captures: Frame[][] = [];
    for (const file of files) captures.push(await readFrames(file));
    return captures;
  };
  if (options.trainDays === undefined) {
    return { training: await load(options.train ?? []), watched: await load(options.test ?? []) };
  }
  const house = merge(...(await load(options.files)));
  const border = (house[0]?.ts ?? 0) + options.trainDays * DAY;
  const first = house.findIndex(({ ts }) => ts >= border);
  if (first <= 0) {
    const days = ((house.at(-1)?.ts ?? 0) - (house[0]?.ts ?? 0)) / DAY;
    const expected = `The captures hold ${days.toFixed(1)} days: learn fewer of them, so that some are left to watch.`;
    throw new AppError('bad_option', { option: '--train-days', value: String(options.trainDays), expected });
  }
  return { training: [house.slice(0, first)], watched: [house.slice(first)] };
}
