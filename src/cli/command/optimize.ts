import { userInfo } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { asCalled, ownBin } from '../as-called.ts';
import { commandSettings, isQuiet } from '../settings.ts';
import { note, renderTable } from '../terminal.ts';

interface OptimizeFlags {
  calibrate: string[];
  out?: string;
  service?: boolean;
  json?: boolean;
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

export const defineOptimize = (program: Command): Command =>
  program
    .command('optimize')
    .description('make a model small and fast (8-bit weights), and check this machine')
    .argument('[model]', 'folder of the model (default: the one that comes with Guardian)')
    .option('--calibrate <file...>', 'ordinary traffic to calibrate on (default: a simulated home)', [])
    .option('--out <dir>', 'folder for the smaller model (default: MODEL-int8; needed without a model)')
    .option('--service', 'print a systemd unit for this machine and this user instead')
    .option('--json', 'the report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  guardian optimize models/home --calibrate monday.pcap
  guardian optimize --out home-int8
  guardian optimize --service | sudo tee /etc/systemd/system/home-iot-guardian.service`,
    )
    .action(async (model: string | undefined, flags: OptimizeFlags, command: Command) => {
      const [{ readMachine }, advice, { optimizeFlowModel }, { shippedModel }, { chooseNetwork }] = await Promise.all([
        import('../../model/edge/machine.ts'),
        import('../../model/edge/advice.ts'),
        import('../../training/optimize-flow-model.ts'),
        import('../../model/flow-model.ts'),
        import('../../device/active/network.ts'),
      ]);
      const { settings } = commandSettings(command);
      const { env, arch, execPath } = process;
      const service = advice.serviceFile({
        command: [execPath, ownBin],
        dataDirectory: path.resolve(settings.data),
        user: userInfo().username,
        interface: settings.monitor.interface || defaultInterface(chooseNetwork),
      });
      if (flags.service) {
        process.stdout.write(service.text);
        return;
      }
      const quiet = isQuiet(command) || flags.json === true;
      note('Calibrating …', quiet);
      const out = flags.out ?? (model === undefined ? 'guardian-model-int8' : `${model.replace(/\/$/, '')}-int8`);
      const { report, windows } = await optimizeFlowModel(model ?? shippedModel, out, flags.calibrate);
      const machine = readMachine({
        searchPath: env.PATH ?? '',
        dataDirectory: settings.data,
        architecture: arch,
      });
      const findings = advice.checkMachine(machine);
      const recommended = advice.recommendSettings(machine);
      if (flags.json) {
        process.stdout.write(`${JSON.stringify({ out, windows, ...report, machine, findings, recommended })}\n`);
        return;
      }
      const rows: [string, string, string][] = [
        ['weights', `${report.bytes.before} bytes`, `${report.bytes.after} bytes`],
        ['windows/s, one thread', ...shown(report.windowsPerSecond, (value) => Math.round(value).toLocaleString('en'))],
        ['threshold', ...shown(report.threshold, (value) => value.toFixed(6))],
        ...(report.auc
          ? [['AUC against the labels', ...shown(report.auc, (value) => value.toFixed(4))] as [string, string, string]]
          : []),
      ];
      const marks = { ok: 'ok     ', warning: 'warning', problem: 'problem' };
      process.stdout.write(
        asCalled(
          [
            renderTable(['', 'before', 'after'], rows),
            `Output error ${percent(report.outputError)} of the outputs' spread, on windows that were not calibrated on.\n\n`,
            'This machine:\n',
            ...findings.map(({ state, text, advice: mend }) => `  ${marks[state]}  ${text}${mend ? ` ${mend}` : ''}\n`),
            `\nRecommended: batches of ${recommended.batchSize}, a capture buffer of ${recommended.captureBufferKiB} KiB, `,
            `${recommended.trainingWorkers} training worker${recommended.trainingWorkers === 1 ? '' : 's'}.\n`,
            `To start it with the machine: guardian optimize --service | sudo tee ${service.path}\n`,
            ...service.commands.map((line) => `  ${line}\n`),
          ].join(''),
        ),
      );
      note(`The model is in ${out}: use it with "guardian scan --model ${out}".`, quiet);
    });

/** Where the internet is; null where that is not known. */
function defaultInterface(choose: () => { interface: string }): string | null {
  try {
    return choose().interface;
  } catch {
    return null; // no network at all
  }
}

const shown = (pair: { before: number; after: number }, format: (value: number) => string): [string, string] => [
  format(pair.before),
  format(pair.after),
];
