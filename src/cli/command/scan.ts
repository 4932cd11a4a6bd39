import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { toAlertJson } from '../../alert/alert-json.ts';
import { type Severity, severities, severityRank } from '../../alert/severity.ts';
import { AppError } from '../../errors.ts';
import { type Preset, presets } from '../../model/preset.ts';
import type { ReportedScan } from '../../scan/report/index.ts';
import type { DateOrder } from '../../source/column/date-order.ts';
import { asCalled } from '../as-called.ts';
import { refuseExisting } from '../existing-file.ts';
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
  report?: string;
  force?: boolean;
}

/** Throws AppError `bad_option`. */
function budgetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const budget = Number(text);
  if (text.trim() !== '' && budget > 0 && budget <= 1000) return budget;
  throw new AppError('bad_option', { option: '--budget', value: text, expected: 'Give a number up to 1000.' });
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('output_not_writable', { file, reason: cause.code ?? cause.message }, { cause });
  });
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
    .option('--report <file>', 'write it as an HTML page too, with every alert')
    .option('--force', 'replace a report that exists')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 when an alert is at least this severe').choices(severities),
    )
    .addHelpText(
      'after',
      `
Examples:
  guardian scan capture.pcap
  guardian scan capture.pcap --report capture.html
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
      if (flags.report !== undefined && !flags.force) await refuseExisting(flags.report);
      const [{ loadFlowModel }, { scanFile }, { BlockListFiles }, { loadMapping }, { keepHeapTight }, report] =
        await Promise.all([
          import('../../model/flow-model.ts'),
          import('../../scan/scan-file.ts'),
          import('../../detector/behaviour/reach/block-list-files.ts'),
          import('../../source/column/mapping.ts'),
          import('../../scan/heap-growth.ts'),
          import('../../scan/report/index.ts'),
        ]);
      keepHeapTight();
      const mapping = flags.mapping === undefined ? undefined : await loadMapping(flags.mapping);
      const model = await loadFlowModel(settings.detection);
      const quiet = isQuiet(command);
      const blockLists = await BlockListFiles.open(settings.detection.blockLists);
      for (const complaint of blockLists.complaints) note(printable(complaint), quiet);
      const watching = { budget: settings.detection.falseAlarmsPerWeek, blockLists };
      const reported: ReportedScan[] = [];
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
          const readable = report.toReport(outcome, file === '-' ? null : file);
          if (flags.report !== undefined) reported.push(readable);
          if (flags.json)
            process.stdout.write(`${JSON.stringify({ ...outcome, alerts: outcome.alerts.map(toAlertJson) })}\n`);
          else process.stdout.write(`${report.renderText(readable, asCalled).split('\n').map(printable).join('\n')}`);
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
      if (flags.report !== undefined) {
        await write(flags.report, report.renderHtml(reported, new Date(), asCalled));
        note(`The report is in ${printable(flags.report)}.`, quiet);
      }
      if (files.length > 1 && process.exitCode === 3) note('Some files could not be read: see above.', quiet);
    });
