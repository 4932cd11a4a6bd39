import { type Command, Option } from 'commander';
import { AppError } from '../../errors.ts';
import type { TrainResult } from '../../pipeline/train.ts';
import { isQuiet } from '../settings.ts';
import { createProgress, note, printable, renderTable } from '../terminal.ts';

interface TrainFlags {
  detector: string;
  out: string;
  epochs: string;
  sequenceLength: string;
  seed: string;
  activation: 'relu' | 'tanh';
  threshold: string;
  learningRate: string;
  force?: boolean;
  json?: boolean;
}

function number(option: string, text: string, low: number, high: number, integer = true): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high && (!integer || Number.isInteger(value))) return value;
  const expected = `Give a ${integer ? 'whole ' : ''}number from ${low} to ${high}.`;
  throw new AppError('bad_option', { option, value: text, expected });
}

/** The loss of every epoch as a line of bars, highest to lowest: `█▆▄▃▂▁`. */
function renderCurve(values: number[]): string {
  const bars = '▁▂▃▄▅▆▇█';
  const high = Math.max(...values);
  const low = Math.min(...values);
  return values.map((value) => bars[Math.round(((value - low) / (high - low || 1)) * (bars.length - 1))]).join('');
}

const share = (value: number): string => `${(100 * value).toFixed(2)} %`;

function render({ details, strategies, flows, windows }: TrainResult): string {
  const { loss, valLoss, bestEpoch, seconds } = details.training!;
  const rows = strategies.map(({ strategy, threshold, metrics }) => [
    strategy,
    threshold.toFixed(6),
    ...(metrics
      ? [metrics.accuracy, metrics.precision, metrics.recall, metrics.f1, metrics.false_positive_rate].map(share)
      : []),
  ]);
  const columns = ['accuracy', 'precision', 'recall', 'F1', 'false positives'];
  return [
    `Trained on ${windows} windows of ${flows} flows in ${seconds.toFixed(1)} s; the best epoch was ${bestEpoch + 1} of ${loss.length}.`,
    `  loss      ${renderCurve(loss)}  ${loss[bestEpoch].toFixed(4)}`,
    `  val_loss  ${renderCurve(valLoss)}  ${valLoss[bestEpoch].toFixed(4)}`,
    '',
    renderTable(['threshold', 'value', ...(strategies[0].metrics ? columns : [])], rows),
    strategies[0].metrics ? '' : 'The files have no labels, so accuracy, precision, recall and F1 are not known.\n',
  ].join('\n');
}

/** The card that goes with the model: what it is, what it learned from, what to expect of it. */
function renderCard(result: TrainResult, files: string[], command: string): string {
  const { details, flows, windows } = result;
  return [
    '# Model card',
    '',
    `LSTM autoencoder over windows of flows (${details.features.columns.join(', ')}), features ${details.features.name} ${details.features.version}.`,
    '',
    `- Trained on: ${files.map((file) => file.split('/').at(-1)).join(', ')} (${flows} flows, ${windows} windows)`,
    `- Command: \`${command}\``,
    '- Judges: reconstruction error of ten flows in a row against the threshold; the scaler is fitted on the scanned file.',
    '- Does not see: addresses, ports, protocols, payload, time of day. One unusual flow among thousands can hide in its window.',
    '',
    '```',
    render(result).trimEnd(),
    '```',
    '',
  ].join('\n');
}

export const defineTrain = (program: Command): Command =>
  program
    .command('train')
    .description('train a model on benign traffic')
    .argument('<file...>', 'captures or logs of ordinary days; rows labelled malicious are left out')
    .addOption(
      new Option('--detector <name>', 'what to train').choices(['lstm-autoencoder']).default('lstm-autoencoder'),
    )
    .requiredOption('--out <dir>', 'folder for the model')
    .option('--epochs <n>', 'passes over the windows', '50')
    .option('--sequence-length <n>', 'flows in a window', '10')
    .option('--seed <n>', 'same seed, same model', '0')
    .addOption(new Option('--activation <name>', 'of the cells').choices(['relu', 'tanh']).default('relu'))
    .option('--threshold <strategy>', '"mean+3std", "p95" or a number', 'mean+3std')
    .option('--learning-rate <x>', 'step of Adam', '0.001')
    .option('--force', 'write into a folder that holds other files')
    .option('--json', 'the report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  guardian train monday.pcap tuesday.pcap --out models/home
  guardian train conn.log --detector lstm-autoencoder --epochs 100 --seed 7 --out models/log
  guardian scan wednesday.pcap --model models/home`,
    )
    .action(async (files: string[], flags: TrainFlags, command: Command) => {
      const [{ parseStrategy }, { trainFlowModel }, { saveModel }, { writeFile }, { existsSync, readdirSync }] =
        await Promise.all([
          import('../../detector/threshold.ts'),
          import('../../pipeline/train.ts'),
          import('../../model/save-model.ts'),
          import('node:fs/promises'),
          import('node:fs'),
        ]);
      const strategy = parseStrategy(flags.threshold);
      const expected = 'Give "mean+3std", "p95" or a number above 0.';
      if (!strategy) throw new AppError('bad_option', { option: '--threshold', value: flags.threshold, expected });
      const taken =
        existsSync(flags.out) && readdirSync(flags.out).length > 0 && !existsSync(`${flags.out}/manifest.json`);
      if (taken && !flags.force) throw new AppError('file_exists', { file: flags.out });
      const quiet = isQuiet(command) || flags.json === true;
      let progress = createProgress('Reading ', quiet);
      const abort = new AbortController();
      process.once('SIGINT', () => abort.abort());
      let training = false;
      const result = await trainFlowModel(files, {
        epochs: number('--epochs', flags.epochs, 1, 100_000),
        timesteps: number('--sequence-length', flags.sequenceLength, 2, 1000),
        seed: number('--seed', flags.seed, 0, 2 ** 31),
        activation: flags.activation,
        strategy,
        learningRate: number('--learning-rate', flags.learningRate, 1e-8, 1, false),
        signal: abort.signal,
        onRead: (file, fraction) => progress.update(fraction, printable(file)),
        onEpoch: ({ epoch, epochs, loss, valLoss, secondsLeft }) => {
          if (!training) {
            progress.stop();
            progress = createProgress('Training', quiet);
            training = true;
          }
          const text = `loss ${loss.toFixed(4)}  val_loss ${valLoss?.toFixed(4)}  ${Math.ceil(secondsLeft)} s left`;
          progress.update(epoch / epochs, text);
        },
      }).finally(() => progress.stop());
      const { stopped, loss } = result.details.training!;
      if (stopped === 'aborted') {
        note(`Interrupted after ${loss.length} epochs: nothing was written.`);
        process.exitCode = 130;
        return;
      }
      const shown = `guardian train ${files.map((file) => file.split('/').at(-1)).join(' ')} --detector ${flags.detector} --epochs ${flags.epochs} --sequence-length ${flags.sequenceLength} --seed ${flags.seed} --activation ${flags.activation} --threshold ${flags.threshold}`;
      const manifest = await saveModel(flags.out, result.model, { ...result.details, notes: shown });
      await writeFile(`${flags.out}/README.md`, renderCard(result, files, shown));
      const { strategies, flows, windows } = result;
      process.stdout.write(
        flags.json ? `${JSON.stringify({ out: flags.out, flows, windows, strategies, manifest })}\n` : render(result),
      );
      note(`The model is in ${flags.out}: use it with "guardian scan --model ${flags.out}".`, quiet);
    });
