import { type Command, Option } from 'commander';
import type { Alert } from '../../alert/alert.ts';
import { AppError } from '../../errors.ts';
import type { PastDetector } from '../../model/baseline-model.ts';
import type { TrainPastResult } from '../../training/train-baseline.ts';
import type { TrainResult } from '../../training/train-flow.ts';
import { isQuiet } from '../settings.ts';
import { createProgress, note, type Progress, printable, renderTable } from '../terminal.ts';

/** What was called out while learning, at most. */
const MOST_LISTED = 100;

const detectors = ['guardian', 'published-flow', 'published-packet', 'lstm-autoencoder', 'lstm-rnn'] as const;
type Detector = (typeof detectors)[number];

interface TrainFlags {
  detector: Detector;
  out: string;
  epochs?: string;
  sequenceLength: string;
  seed: string;
  activation: 'relu' | 'tanh';
  threshold: string;
  learningRate: string;
  force?: boolean;
  json?: boolean;
}

/** Options of the command line that every training needs. */
interface Run {
  files: string[];
  flags: TrainFlags;
  quiet: boolean;
  signal: AbortSignal;
  /** As it is shown in cards. */
  command: string;
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

/** Two bars, one after the other: reading, then training. */
function createBars(quiet: boolean) {
  let progress: Progress = createProgress('Reading ', quiet);
  let training = false;
  return {
    read: (file: string, fraction: number) => {
      if (training) [progress, training] = [createProgress('Reading ', quiet), false];
      progress.update(fraction, printable(file));
    },
    epoch: (name: string, epoch: number, epochs: number, loss: number, secondsLeft: number) => {
      if (!training) {
        progress.stop();
        [progress, training] = [createProgress('Training', quiet), true];
      }
      progress.update(epoch / epochs, `${name} loss ${loss.toFixed(4)}  ${Math.ceil(secondsLeft)} s left`);
      if (epoch === epochs) progress.stop();
    },
    stop: () => progress.stop(),
  };
}

async function renderStrategies(strategies: TrainResult['strategies']): Promise<string> {
  const [{ metricHeader, strategyCells, strategyHeader }, { inPublishedOrder }] = await Promise.all([
    import('../../training/model-card.ts'),
    import('../../training/compare-thresholds.ts'),
  ]);
  if (strategies.length === 0) return '';
  const labelled = strategies[0].metrics !== null;
  const header = [...strategyHeader, ...(labelled ? metricHeader : [])];
  const table = renderTable(header, inPublishedOrder(strategies).map(strategyCells));
  return labelled ? table : `${table}The files have no labels, so accuracy, precision, recall and F1 are not known.\n`;
}

async function renderNetwork({ details, strategies, flows, windows }: TrainResult): Promise<string> {
  const { loss, valLoss, bestEpoch, seconds } = details.training!;
  const curve = (name: string, values: number[]): string[] =>
    values.length > 0 ? [`  ${name.padEnd(8)}  ${renderCurve(values)}  ${values[bestEpoch].toFixed(4)}`] : [];
  return [
    `Trained on ${windows} windows of ${flows} ${details.detector === 'published-packet' ? 'packets' : 'flows'} in ${seconds.toFixed(1)} s; the best epoch was ${bestEpoch + 1} of ${loss.length}.`,
    ...curve('loss', loss),
    ...curve('val_loss', valLoss),
    '',
    await renderStrategies(strategies),
  ].join('\n');
}

async function renderPast({ details, devices, strategies }: TrainPastResult): Promise<string> {
  const { training } = details;
  const rows = devices.map(({ address, points, shareOfSeconds }) => [
    ...[address, points, Number(shareOfSeconds.toFixed(2))],
  ]);
  return [
    `Learned ${training.hours.toFixed(1)} h of traffic (${training.packets} packets, ${training.connections} connections) in ${training.seconds.toFixed(1)} s: ${(training.seconds / training.devices).toFixed(2)} s a device on average, of ${training.devices}.`,
    ...training.networks.map(
      ({ name, sequences, loss, seconds }) =>
        `  ${name.padEnd(16)}  ${renderCurve(loss)}  ${loss.at(-1)!.toFixed(4)}  ${sequences} sequences in ${seconds.toFixed(1)} s`,
    ),
    '',
    renderTable(['device', 'packets and records', 'share of the seconds'], rows),
    await renderStrategies(strategies),
  ].join('\n');
}

/** Refuses a folder that holds something else, or that cannot be written: before an hour of training, not after it. */
async function checkFolder(folder: string, force: boolean | undefined): Promise<void> {
  const [{ existsSync, mkdtempSync, readdirSync, rmdirSync }, path] = await Promise.all([
    import('node:fs'),
    import('node:path'),
  ]);
  // A folder is made in what is there already of the way, and taken away again.
  let there = path.resolve(folder);
  while (!existsSync(there) && path.dirname(there) !== there) there = path.dirname(there);
  try {
    rmdirSync(mkdtempSync(path.join(there, '.guardian-')));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new AppError('model_not_writable', { directory: folder, reason }, { cause });
  }
  const isModel = ['manifest.json', 'current'].some((name) => existsSync(`${folder}/${name}`));
  const taken = existsSync(folder) && readdirSync(folder).length > 0 && !isModel;
  if (taken && !force) throw new AppError('file_exists', { file: folder });
}

async function writeCard(folder: string, card: import('../../model/card.ts').Card): Promise<void> {
  const [{ renderCard }, { writeFile }] = await Promise.all([
    import('../../model/card.ts'),
    import('node:fs/promises'),
  ]);
  await writeFile(`${folder}/card.html`, renderCard(card));
}

function interrupted(epochs: number): void {
  note(`Interrupted after ${epochs} epochs: nothing was written.`);
  process.exitCode = 130;
}

async function trainNetwork({ files, flags, quiet, signal, command }: Run): Promise<void> {
  const [{ parseStrategy }, { trainFlowModel }, { trainPacketModel }, { saveModel }, { cardOfNetwork }] =
    await Promise.all([
      import('../../detector/published/threshold.ts'),
      import('../../training/train-flow.ts'),
      import('../../training/train-packet.ts'),
      import('../../model/save-model.ts'),
      import('../../training/model-card.ts'),
    ]);
  const strategy = parseStrategy(flags.threshold);
  const expected = 'Give "mean+3std", "p95" or a number above 0.';
  if (!strategy) throw new AppError('bad_option', { option: '--threshold', value: flags.threshold, expected });
  const bars = createBars(quiet);
  const options = {
    epochs: number('--epochs', flags.epochs ?? '50', 1, 100_000),
    timesteps: number('--sequence-length', flags.sequenceLength, 2, 1000),
    seed: number('--seed', flags.seed, 0, 2 ** 31),
    activation: flags.activation,
    strategy,
    learningRate: number('--learning-rate', flags.learningRate, 1e-8, 1, false),
    signal,
    onRead: bars.read,
    onEpoch: (progress: { epoch: number; epochs: number; loss: number; secondsLeft: number }) =>
      bars.epoch(flags.detector, progress.epoch, progress.epochs, progress.loss, progress.secondsLeft),
  };
  const train = flags.detector === 'published-packet' ? trainPacketModel : trainFlowModel;
  const result = await train(files, options).finally(bars.stop);
  const { stopped, loss } = result.details.training!;
  if (stopped === 'aborted') return interrupted(loss.length);
  const manifest = await saveModel(flags.out, result.model, { ...result.details, notes: command });
  await writeCard(
    flags.out,
    cardOfNetwork(
      result,
      files.map((file) => file.split('/').at(-1)!),
      command,
    ),
  );
  const { strategies, flows, windows } = result;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ out: flags.out, flows, windows, strategies, manifest })}\n`
      : await renderNetwork(result),
  );
  note(
    flags.detector === 'published-packet'
      ? `The model is in ${flags.out}. It cannot scan, for there is no published verdict on packets: "guardian export ${flags.out}" writes it for other software, "guardian evaluate --protocol packets --detector published-packet" measures it.`
      : `The model is in ${flags.out}: use it with "guardian scan --model ${flags.out}".`,
    quiet,
  );
}

async function trainWatch({ files, flags, quiet, signal, command }: Run, detector: PastDetector): Promise<void> {
  const [{ trainBaseline }, { savePast }, { nextVersion }, { cardOfPast }, { Episodes }] = await Promise.all([
    import('../../training/train-baseline.ts'),
    import('../../model/baseline-model.ts'),
    import('../../model/versions.ts'),
    import('../../training/model-card.ts'),
    import('../../alert/episodes.ts'),
  ]);
  const bars = createBars(quiet);
  const calledOut: Alert[] = [];
  const episodes = new Episodes({ onAlert: (alert) => void (calledOut.length < MOST_LISTED && calledOut.push(alert)) });
  const result = await trainBaseline(files, {
    detector,
    seed: number('--seed', flags.seed, 0, 2 ** 31),
    epochs: flags.epochs === undefined ? undefined : number('--epochs', flags.epochs, 1, 100_000),
    signal,
    onRead: bars.read,
    onFinding: (finding) => void episodes.add(finding),
    onEpoch: ({ name }, { epoch, epochs, loss, secondsLeft }) => bars.epoch(name, epoch, epochs, loss, secondsLeft),
  }).finally(bars.stop);
  const version = nextVersion(flags.out);
  const manifest = await savePast(version.folder, result.state, { ...result.details, notes: command });
  await writeCard(version.folder, cardOfPast(result, command));
  await version.commit();
  const { devices, isLocal, strategies } = result;
  if (calledOut.length > 0)
    note(
      `In what it was to learn ${calledOut.length === 1 ? 'this stands' : 'these stand'} out, and ${calledOut.length === 1 ? 'is' : 'are'} no part of what it knows now:`,
    );
  for (const { severity, sentence } of calledOut) note(`  ${severity}: ${printable(sentence)}`);
  if (!isLocal) note('No address here is of a local network: whoever began connections is a device.', quiet);
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ out: flags.out, version: version.name, devices, strategies, called_out: calledOut.map(({ ts, kind, severity, sentence }) => ({ ts, kind, severity, sentence })), manifest })}\n`
      : await renderPast(result),
  );
  const use = `use it with "guardian scan --model ${flags.out}"`;
  note(
    version.name === 'v1'
      ? `The model is in ${flags.out}: ${use}.`
      : `Version ${version.name} of ${flags.out} is on trial and tells nothing yet; "guardian model list ${flags.out}" shows how it does.`,
    quiet,
  );
}

/** Options that only some detectors make use of. */
const usersOf: Record<string, readonly Detector[]> = {
  sequenceLength: ['published-flow'],
  activation: ['published-flow'],
  learningRate: ['published-flow'],
  threshold: ['published-flow', 'published-packet'],
};

/** Refuses what would be ignored. */
function checkOptions(command: Command, detector: Detector): void {
  for (const [name, users] of Object.entries(usersOf)) {
    if (command.getOptionValueSource(name) !== 'cli' || users.includes(detector)) continue;
    throw new AppError('bad_option', {
      option: `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      value: String(command.getOptionValue(name)),
      expected: `It is of ${users.join(' and ')}, and ${detector} is trained.`,
    });
  }
}

export const defineTrain = (program: Command): Command =>
  program
    .command('train')
    .description('train a model on benign traffic')
    .argument('<file...>', 'captures or logs of ordinary days; rows labelled malicious are left out')
    .addOption(
      new Option('--detector <name>', 'guardian: all that is learned; else one network')
        .choices(detectors)
        .default('guardian'),
    )
    .requiredOption('--out <dir>', 'folder for the model')
    .option('--epochs <n>', 'passes over the windows (default: 50, of the networks of guardian 15)')
    .option('--sequence-length <n>', 'flows in a window of published-flow', '10')
    .option('--seed <n>', 'same seed, same model', '0')
    .addOption(
      new Option('--activation <name>', 'of the cells of published-flow').choices(['relu', 'tanh']).default('relu'),
    )
    .option('--threshold <strategy>', 'of the published detectors: "mean+3std", "p95" or a number', 'mean+3std')
    .option('--learning-rate <x>', 'step of Adam of published-flow', '0.001')
    .option('--force', 'write into a folder that holds other files')
    .option('--json', 'the report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  guardian train monday.pcap tuesday.pcap --out models/home
  guardian train traffic.csv --detector published-flow --epochs 100 --seed 7 --out models/published
  guardian scan wednesday.pcap --model models/home`,
    )
    .action(async (files: string[], flags: TrainFlags, command: Command) => {
      await checkFolder(flags.out, flags.force);
      const abort = new AbortController();
      process.once('SIGINT', () => abort.abort());
      const quiet = isQuiet(command) || flags.json === true;
      const { nameDevices } = await import('../../source/read-conns.ts');
      if (['guardian', 'lstm-autoencoder'].includes(flags.detector) && !(await nameDevices(files))) {
        note(`These files name no devices: ${flags.detector} has nobody to learn, published-flow is trained.`, quiet);
        flags.detector = 'published-flow';
      }
      checkOptions(command, flags.detector);
      const names = files.map((file) => file.split('/').at(-1)).join(' ');
      const epochs = flags.epochs === undefined ? '' : ` --epochs ${flags.epochs}`;
      const own =
        flags.detector === 'published-flow'
          ? ` --sequence-length ${flags.sequenceLength} --activation ${flags.activation}`
          : '';
      const threshold = flags.detector.startsWith('published') ? ` --threshold ${flags.threshold}` : '';
      const run: Run = {
        ...{ files, flags, quiet, signal: abort.signal },
        command: `guardian train ${names} --detector ${flags.detector}${epochs}${own} --seed ${flags.seed}${threshold}`,
      };
      if (flags.detector === 'published-flow' || flags.detector === 'published-packet') await trainNetwork(run);
      else await trainWatch(run, flags.detector);
    });
