import { type Command, Option } from 'commander';
import { type Severity, severities, severityRank } from '../../alert/severity.ts';
import type { ScanOutcome } from '../../api/port/scanner.ts';
import { AppError } from '../../errors.ts';
import { type Preset, presets } from '../../model/preset.ts';
import { reasonInWords } from '../../scan/scan-result.ts';
import type { DateOrder } from '../../source/column/date-order.ts';
import { commandSettings, isQuiet } from '../settings.ts';
import { createProgress, fail, note, printable } from '../terminal.ts';

interface ScanFlags {
  model?: string;
  threshold?: string;
  budget?: string;
  blockList?: string[];
  mapping?: string;
  dates?: DateOrder;
  preset?: Preset;
  json?: boolean;
  failOn?: Severity;
}

/** Throws AppError `bad_option`. */
function budgetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const budget = Number(text);
  if (text.trim() !== '' && budget > 0 && budget <= 1000) return budget;
  throw new AppError('bad_option', { option: '--budget', value: text, expected: 'Give a number up to 1000.' });
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const time = (seconds: number): string => (seconds > 0 ? new Date(seconds * 1000).toISOString().slice(0, 19) : '');

/** The outcome for a person: the verdict first, the worst alerts, then where the numbers come from. */
function render(outcome: ScanOutcome): string {
  const { file, alerts, anomalies_count, total_samples, devices, metrics, skipped } = outcome;
  const count = alerts.length + (outcome.further_alerts ?? 0);
  const windows =
    total_samples > 0 ? ` (${anomalies_count} of ${total_samples} windows of connections are unusual)` : '';
  const lines = [
    `${printable(file)}: ${count === 0 ? 'no alert' : `${count} alert${count === 1 ? '' : 's'}`}${windows}.`,
  ];
  const worst = alerts.toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity) || a.ts - b.ts);
  for (const { severity, sentence, ts } of worst.slice(0, 20)) {
    lines.push(`  ${severity.padEnd(8)}  ${time(ts)}  ${printable(sentence)}`.replace(/ {2,}$/, ''));
  }
  if (worst.length > 20) {
    const all = outcome.further_alerts ? `the first ${worst.length}` : 'all';
    lines.push(`  … and ${count - 20} more: --json lists ${all}.`);
  }
  for (const what of outcome.unjudged ?? []) lines.push(`  Not judged are ${what}.`);
  if (devices.length > 0) {
    // What found no room among the windows was read, and the rules have seen it.
    const reasons = Object.entries(skipped.reasons).filter(([reason]) => !reason.startsWith('window.'));
    const unread = reasons.reduce((sum, [, rows]) => sum + rows, 0);
    const read = unread > 0 ? `${outcome.records - unread} of ${outcome.records}` : outcome.records;
    lines.push(`  ${devices.length} devices, ${read} records read in ${outcome.seconds} s.`);
  }
  if (skipped.rows > 0) {
    const reasons = Object.entries(skipped.reasons).map(([reason, count]) => `${reasonInWords(reason)} (${count})`);
    const where = skipped.lines.length > 0 ? `; first in line ${skipped.lines.slice(0, 3).join(', ')}` : '';
    lines.push(`  Skipped ${skipped.rows}: ${reasons.join(', ')}${where}.`);
  }
  if (skipped.untimed) {
    lines.push(
      `  ${skipped.untimed} records do not say when they were: scans, floods, beacons and other rates were not looked for in them.`,
    );
  }
  if (outcome.truncated) lines.push('  The file ends in the middle of a record: what was whole was analysed.');
  if (outcome.drift) {
    const { hours, expected } = outcome.drift;
    lines.push(
      `  What is ordinary here has changed (${hours} unusual hours in three days, expected ${expected.toFixed(1)}): train the model anew.`,
    );
  }
  if (metrics) {
    lines.push(
      `  Against its labels: accuracy ${percent(metrics.accuracy)}, precision ${percent(metrics.precision)}, ` +
        `recall ${percent(metrics.recall)}, F1 ${percent(metrics.f1)}, false alarms ${percent(metrics.false_positive_rate)}.`,
    );
  }
  return `${lines.join('\n')}\n`;
}

export const defineScan = (program: Command): Command =>
  program
    .command('scan')
    .description('find what is unusual in captures and flow logs')
    .argument('<file...>', 'captures or logs of any supported kind; - is standard input')
    .option('--model <dir>', 'model to use (default: the one that comes with Guardian)')
    .option('--threshold <strategy>', '"mean+3std", "p95" or a number (default: that of the preset)')
    .option('--budget <number>', 'false alarms a week that you accept (default: detection.falseAlarmsPerWeek)')
    .option(
      '--block-list <file>',
      'addresses, networks and names that nobody should talk to; may be given again',
      (file: string, files: string[] = []) => [...files, file],
    )
    .addOption(
      new Option(
        '--preset <name>',
        "guardian: all detectors; published: the published autoencoder's verdicts only",
      ).choices(presets),
    )
    .option('--mapping <file>', 'JSON that says which column of a log is which field: see docs/inputs.md')
    .addOption(
      new Option('--dates <order>', "order of a spreadsheet's dates, where no value of the file shows it").choices([
        'day-first',
        'month-first',
      ]),
    )
    .option('--json', 'one JSON line a file')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 when an alert is at least this severe').choices(severities),
    )
    .addHelpText(
      'after',
      `
Examples:
  guardian scan capture.pcap
  guardian scan *.pcap.gz --json | jq '.alerts[].sentence'
  zcat conn.log.gz | guardian scan - --fail-on High
  guardian scan firewall.csv --mapping firewall.json`,
    )
    .action(async (files: string[], flags: ScanFlags, command: Command) => {
      const { settings } = commandSettings(command, {
        'detection.model': flags.model,
        'detection.threshold': flags.threshold,
        'detection.falseAlarmsPerWeek': budgetOf(flags.budget),
        'detection.blockLists': flags.blockList,
        'detection.preset': flags.preset,
      });
      const [{ loadFlowModel }, { scanFile }, { BlockListFiles }, { loadMapping }, { keepHeapTight }] =
        await Promise.all([
          import('../../model/flow-model.ts'),
          import('../../scan/scan-file.ts'),
          import('../../detector/behaviour/reach/block-list-files.ts'),
          import('../../source/column/mapping.ts'),
          import('../../scan/heap-growth.ts'),
        ]);
      keepHeapTight();
      const mapping = flags.mapping === undefined ? undefined : await loadMapping(flags.mapping);
      const model = await loadFlowModel(settings.detection);
      const quiet = isQuiet(command);
      const blockLists = await BlockListFiles.open(settings.detection.blockLists);
      for (const complaint of blockLists.complaints) note(printable(complaint), quiet);
      const watching = { budget: settings.detection.falseAlarmsPerWeek, blockLists };
      for (const file of files) {
        const progress = createProgress(`Scanning ${printable(file)}`, quiet || flags.json === true);
        try {
          const outcome = await scanFile(file, {
            model,
            mapping,
            dates: flags.dates,
            ...watching,
            onProgress: progress.update,
          });
          progress.stop();
          process.stdout.write(flags.json ? `${JSON.stringify(outcome)}\n` : render(outcome));
          const limit = flags.failOn && severityRank(flags.failOn);
          const found = limit !== undefined && outcome.alerts.some(({ severity }) => severityRank(severity) >= limit);
          if (found) process.exitCode ||= 1;
        } catch (error) {
          progress.stop();
          // One bad file of many does not keep the others from being read.
          if (!(error instanceof AppError) || files.length === 1) throw error;
          fail(error);
        }
      }
      if (files.length > 1 && process.exitCode === 3) note('Some files could not be read: see above.', quiet);
    });
