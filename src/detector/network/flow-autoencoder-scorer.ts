/** How unusual the order of a device's connections is: the autoencoder over its last ten. */
import { FLOW_FEATURES, type FlowPoint, guardianFlowFeatures } from '../../feature/guardian-flow.ts';
import type { Predictor } from '../../nn/engine.ts';
import { amount, type UsualOf } from '../deviation.ts';
import type { Explanation } from '../finding.ts';
import { getOrCreate } from '../keyed.ts';
import { ENCODED_FLOW, encodeFlow } from './encode-flow.ts';
import { autoencoderPlan, type Network, strangeness } from './network.ts';
import type { NetworkTrainer } from './network-trainer.ts';
import { leading, type Reading } from './reading.ts';
import { standardize } from './standardize.ts';
import { type SavedTrainedNetwork, TrainedNetwork } from './trained-network.ts';

const { timesteps: TIMESTEPS } = autoencoderPlan;
const MOST_DEVICES = 1024;
/**
 * Windows that are judged for connections which began in the same second, of a device and of the house: a flood makes a
 * hundred thousand of them, the rules name it, and at 0.15 ms a window nobody else would be watched meanwhile.
 */
const PER_SECOND = 20;
const PER_SECOND_OF_HOUSE = 500;

/** How many were judged in a second of the traffic. */
interface Pace {
  second: number;
  count: number;
}

interface Window extends Pace {
  /** The last ten connections, oldest first [T, F]. */
  rows: Float32Array;
  /** When they began, seconds since 1970 [T]. */
  times: Float64Array;
  filled: number;
}

export class FlowAutoencoderScorer {
  readonly trained = new TrainedNetwork(autoencoderPlan);
  private readonly trainer: NetworkTrainer;
  private predictor: Predictor | null = null;
  private readonly windows = new Map<string, Window>();
  private readonly scaled = new Float32Array(TIMESTEPS * ENCODED_FLOW);
  private readonly rebuilt = new Float32Array(TIMESTEPS * ENCODED_FLOW);
  private readonly steps = new Float64Array(TIMESTEPS);
  private readonly pace: Pace = { second: 0, count: 0 };

  constructor(trainer: NetworkTrainer) {
    this.trainer = trainer;
  }

  /** Windows begin anew: another capture has begun. */
  begin(): void {
    this.windows.clear();
  }

  /** Null until the device has ten connections and the house a network, and where there are too many to judge all. */
  observe(point: FlowPoint, learning: boolean): Reading<'sequence'> | null {
    const { address } = point.device;
    const window = this.push(address, point);
    if (window.filled < TIMESTEPS || !this.hasTime(window, Math.floor(point.link.start))) return null;
    const { network } = this.trained;
    const reading = network && this.read(address, window, network, learning);
    if (learning && this.trained.offer(address, window.rows.slice())) this.trainer.train(this);
    return reading;
  }

  adopt(network: Network): void {
    this.trained.network = network;
    this.predictor = this.trainer.numerics.createPredictor(network.model, 1);
  }

  load(state: SavedTrainedNetwork): void {
    this.trained.load(state);
    if (this.trained.network) this.adopt(this.trained.network);
  }

  private hasTime(window: Window, second: number): boolean {
    for (const pace of [window, this.pace]) {
      if (pace.second !== second) pace.count = 0;
      pace.second = second;
    }
    if (window.count >= PER_SECOND || this.pace.count >= PER_SECOND_OF_HOUSE) return false;
    window.count++;
    this.pace.count++;
    return true;
  }

  private push(address: string, point: FlowPoint): Window {
    if (this.windows.size >= MOST_DEVICES && !this.windows.has(address)) {
      const [[oldest]] = this.windows;
      this.windows.delete(oldest);
    }
    const window = getOrCreate(this.windows, address, () => ({
      rows: new Float32Array(TIMESTEPS * ENCODED_FLOW),
      times: new Float64Array(TIMESTEPS),
      filled: 0,
      second: 0,
      count: 0,
    }));
    window.rows.copyWithin(0, ENCODED_FLOW);
    window.times.copyWithin(0, 1);
    window.times[TIMESTEPS - 1] = point.link.start;
    encodeFlow(point, window.rows, (TIMESTEPS - 1) * ENCODED_FLOW);
    window.filled = Math.min(TIMESTEPS, window.filled + 1);
    return window;
  }

  private read(address: string, { rows, times }: Window, network: Network, learning: boolean): Reading<'sequence'> {
    const { scaled, rebuilt, steps } = this;
    scaled.set(rows);
    standardize(network.scaler, scaled);
    this.predictor!.run(scaled, 0, 1, rebuilt, 0);
    let sum = 0;
    for (let t = 0; t < TIMESTEPS; t++) {
      steps[t] = strangeness(scaled, t * ENCODED_FLOW, rebuilt, t * ENCODED_FLOW, network.noise);
      sum += steps[t];
    }
    const { calibrations } = this.trained;
    const score = sum / TIMESTEPS;
    const nats = learning ? calibrations.learn(address, score) : calibrations.nats(address, score);
    return { nats, explain: (usual) => this.explain(network, times, usual) };
  }

  /** Which connections stand out of the window that was just read, and in what. */
  private explain({ noise, scaler }: Network, times: Float64Array, usual: UsualOf): Explanation<'sequence'> {
    const { scaled, rebuilt, steps } = this;
    const most = Math.max(...steps);
    const odd = [...steps.keys()].filter((t) => steps[t] > most / 2);
    const errors = new Float64Array(ENCODED_FLOW);
    for (const t of odd) {
      for (let f = 0, at = t * ENCODED_FLOW; f < ENCODED_FLOW; f++, at++) errors[f] += (scaled[at] - rebuilt[at]) ** 2;
    }
    const worst = steps.indexOf(most) * ENCODED_FLOW;
    const deviations = leading(errors, noise)
      .filter((f) => f < FLOW_FEATURES)
      .map((f) =>
        amount(guardianFlowFeatures.features[f], scaled[worst + f] * scaler.scale[f] + scaler.offset[f], usual(f)),
      );
    const [first, last] = [odd[0], odd[odd.length - 1]];
    return {
      deviations,
      evidence: { first: first + 1, last: last + 1, of: TIMESTEPS, from_ts: times[first], to_ts: times[last] },
    };
  }
}
