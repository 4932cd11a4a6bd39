import { describe, expect, it } from 'vitest';
import { lstmAutoencoder } from './preset/lstm-autoencoder.ts';
import { lstmRnnForecaster } from './preset/lstm-rnn-forecaster.ts';
import { createSequential } from './sequential.ts';

describe('createSequential', () => {
  it('builds the published networks', () => {
    const autoencoder = lstmAutoencoder();
    expect(autoencoder.countParams()).toBe(34_364);
    expect(autoencoder.outputShape).toEqual([10, 4]);
    expect(autoencoder.layers.map(({ name }) => name)).toEqual([
      'lstm',
      'lstm_1',
      'repeat_vector',
      'lstm_2',
      'lstm_3',
      'time_distributed',
    ]);
    expect(lstmRnnForecaster().countParams()).toBe(35_856);
    expect(lstmRnnForecaster().outputShape).toEqual([60, 10]);
  });

  it('starts as Keras does', () => {
    const model = lstmAutoencoder({ seed: 1 });
    const [kernel, recurrent, bias] = model.weights;
    const limit = Math.sqrt(6 / (4 + 200));
    expect(Math.max(...kernel.data)).toBeLessThanOrEqual(limit);
    expect(Math.max(...kernel.data)).toBeGreaterThan(0.9 * limit);
    for (let r = 0; r < 50; r++) {
      for (let s = 0; s <= r; s++) {
        let dot = 0;
        for (let c = 0; c < 200; c++) dot += recurrent.data[r * 200 + c] * recurrent.data[s * 200 + c];
        expect(Math.abs(dot - (r === s ? 1 : 0))).toBeLessThan(1e-6);
      }
    }
    expect([...bias.data]).toEqual([...Array(50).fill(0), ...Array(50).fill(1), ...Array(100).fill(0)]);
    expect(lstmAutoencoder({ seed: 1 }).parameters).toEqual(model.parameters);
    expect(lstmAutoencoder({ seed: 2 }).parameters).not.toEqual(model.parameters);
  });

  it('writes out every default', () => {
    const { layers } = createSequential({ inputShape: [3, 2], layers: [{ type: 'LSTM', units: 2 }] });
    expect(layers[0].config).toEqual({
      type: 'LSTM',
      units: 2,
      activation: 'tanh',
      recurrentActivation: 'sigmoid',
      returnSequences: false,
    });
  });

  it('refuses impossible stacks by name', () => {
    const build = (layers: never[]) => () => createSequential({ inputShape: [3, 2], layers });
    expect(build([])).toThrow('at least one layer');
    expect(build([{ type: 'GRU', units: 3 } as never])).toThrow('There is no layer "GRU"; there are Dense');
    expect(build([{ type: 'LSTM', units: 1.5 } as never])).toThrow('LSTM: units is 1.5');
    expect(build([{ type: 'LSTM', units: 2 } as never, { type: 'LSTM', units: 2 } as never])).toThrow(
      'LSTM needs a sequence [T, F], and gets [2]',
    );
    expect(build([{ type: 'Dropout', rate: 1 } as never])).toThrow('rate is 1');
    expect(build([{ type: 'LSTM', units: 2, activation: 'gelu' } as never])).toThrow('activation');
  });
});
