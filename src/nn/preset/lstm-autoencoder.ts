import type { Activation } from '../activation.ts';
import { createSequential, type Sequential } from '../sequential.ts';

export interface LstmAutoencoderOptions {
  /** Flows in a window. Default 10. */
  timesteps?: number;
  /** Columns. Default 4. */
  features?: number;
  /** Of the cells. Default relu, as published. */
  activation?: Activation;
  seed?: number;
}

/** The published flow network: 34,364 parameters with its 10 flows of 4 features. x [B, T, F] → its reconstruction. */
export function lstmAutoencoder(options: LstmAutoencoderOptions = {}): Sequential {
  const { timesteps = 10, features = 4, activation = 'relu', seed = 0 } = options;
  return createSequential({
    inputShape: [timesteps, features],
    seed,
    layers: [
      { type: 'LSTM', units: 50, activation, returnSequences: true },
      { type: 'LSTM', units: 20, activation },
      { type: 'RepeatVector', n: timesteps },
      { type: 'LSTM', units: 20, activation, returnSequences: true },
      { type: 'LSTM', units: 50, activation, returnSequences: true },
      { type: 'TimeDistributed', layer: { type: 'Dense', units: features } },
    ],
  });
}
