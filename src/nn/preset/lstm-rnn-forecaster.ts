import type { Activation } from '../activation.ts';
import { createSequential, type Sequential } from '../sequential.ts';

export interface LstmRnnForecasterOptions {
  /** Packets in a training window. Default 60; stepping needs no window. */
  timesteps?: number;
  /** Features of a packet. Default 10. */
  features?: number;
  /** Of the recurrent layers. Default tanh. */
  activation?: Activation;
  /** Share that the Dropout after each recurrent layer drops in training. Default 0.2, as published. */
  dropout?: number;
  seed?: number;
}

/** The published packet network: 35,856 parameters. x [B, T, F] → at every step the next packet's features. */
export function lstmRnnForecaster(options: LstmRnnForecasterOptions = {}): Sequential {
  const { timesteps = 60, features = 10, activation = 'tanh', dropout: rate = 0.2, seed = 0 } = options;
  return createSequential({
    inputShape: [timesteps, features],
    seed,
    layers: [
      { type: 'LSTM', units: 64, activation, returnSequences: true },
      { type: 'Dropout', rate },
      { type: 'LSTM', units: 32, activation, returnSequences: true },
      { type: 'Dropout', rate },
      { type: 'SimpleRNN', units: 32, activation, returnSequences: true },
      { type: 'Dropout', rate },
      { type: 'TimeDistributed', layer: { type: 'Dense', units: 50, activation: 'relu' } },
      { type: 'TimeDistributed', layer: { type: 'Dense', units: features } },
    ],
  });
}
