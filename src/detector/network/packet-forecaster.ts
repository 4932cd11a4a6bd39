/**
 * The LSTM+RNN forecaster: from the packets of a device so far it predicts the next one; how wrong it is says how
 * unusual the packet is. Trained on windows of 60 with the loss at every step; it runs stateful, one step a packet.
 * Legend: W windows, T timesteps, F features of a packet.
 */

import type { History } from '../../nn/checkpoint.ts';
import type { Engine, Stepper } from '../../nn/engine.ts';
import { type FitOptions, fit } from '../../nn/fit.ts';
import { lstmRnnForecaster } from '../../nn/preset/lstm-rnn-forecaster.ts';
import type { Sequential } from '../../nn/sequential.ts';

const TIMESTEPS = 60;
/** Windows overlap by half. */
const STRIDE = 30;
const BATCH = 32;

export interface ForecasterOptions {
  engine: Engine;
  seed: number;
  epochs?: number;
  signal?: AbortSignal;
  onEpoch?: FitOptions['onEpoch'];
}

/** Trains on scaled packets [N, F] of each device in order; devices with fewer than 61 packets teach nothing.
 * Throws a RangeError where no device has as many. */
export async function trainForecaster(
  devices: readonly Float32Array[],
  features: number,
  { engine, seed, epochs = 40, signal, onEpoch }: ForecasterOptions,
): Promise<{ model: Sequential; history: History; windows: number }> {
  const starts = devices.flatMap((rows, device) => {
    const last = rows.length / features - TIMESTEPS - 1;
    return Array.from({ length: last < 0 ? 0 : Math.floor(last / STRIDE) + 1 }, (_, i) => [device, i * STRIDE]);
  });
  const size = TIMESTEPS * features;
  const x = new Float32Array(starts.length * size);
  const y = new Float32Array(starts.length * size);
  starts.forEach(([device, start], w) => {
    const from = start * features;
    x.set(devices[device].subarray(from, from + size), w * size);
    y.set(devices[device].subarray(from + features, from + features + size), w * size);
  });
  const model = lstmRnnForecaster({ timesteps: TIMESTEPS, features, seed });
  if (starts.length === 0) throw new RangeError('No device has a window and the packet behind it');
  const history = await fit(model, x, y, {
    ...{ engine, seed, epochs, signal, onEpoch },
    ...{ batchSize: BATCH, clipNorm: 1, optimizer: { type: 'Adam', learningRate: 0.003 } },
  });
  return { model, history, windows: starts.length };
}

/** Runs the forecaster over the packets of many devices as they come. */
export class ForecasterRun {
  private readonly stepper: Stepper;
  private readonly features: number;
  /** Per device: its stream in the stepper, the forecast of its next packet, and the one before it. */
  private readonly streams = new Map<
    string,
    { stream: number; next: Float32Array; last: Float32Array; steps: number }
  >();

  constructor(model: Sequential, engine: Engine, features: number, capacity = 256) {
    this.stepper = engine.createStepper(model, capacity);
    this.features = features;
  }

  /** What was forecast of this packet [F], until the device's next; null for a device's first. */
  step(device: string, packet: Float32Array): Float32Array | null {
    let state = this.streams.get(device);
    if (!state) {
      if (this.stepper.open === this.stepper.capacity) this.forget();
      const { features } = this;
      state = {
        ...{ stream: this.stepper.start(), steps: 0 },
        ...{ next: new Float32Array(features), last: new Float32Array(features) },
      };
      this.streams.set(device, state);
    }
    [state.last, state.next] = [state.next, state.last];
    this.stepper.step([state.stream], 1, packet, 0, state.next, 0);
    return state.steps++ > 0 ? state.last : null;
  }

  /** The device that came first goes: its stream begins anew when it speaks again. */
  private forget(): void {
    const [[device, { stream }]] = this.streams;
    this.stepper.end(stream);
    this.streams.delete(device);
  }
}

export function meanSquared(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum / a.length;
}
