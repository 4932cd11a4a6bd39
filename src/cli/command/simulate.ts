import type { Command } from 'commander';
import { count } from '../../alert/words/phrase.ts';
import { AppError } from '../../errors.ts';
import { refuseExisting } from '../existing-file.ts';
import { isQuiet } from '../settings.ts';
import { createProgress, note } from '../terminal.ts';

interface SimulateFlags {
  devices: string;
  hours: string;
  attack: string[];
  seed: string;
  snapLength?: string;
  bulk?: string;
  out: string;
  force?: boolean;
  json?: boolean;
}

function number(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new AppError('bad_option', { option, value: text, expected: 'Give a number that is not negative.' });
}

/** "8" is a number of devices, "camera,tv" are kinds. */
const devicesOf = (text: string): number | string[] =>
  /^\d+$/.test(text) ? Number(text) : text.split(',').map((kind) => kind.trim());

const utc = (microseconds: number): string => `${new Date(microseconds / 1000).toISOString().slice(0, 19)}Z`;

export const defineSimulate = (program: Command): Command =>
  program
    .command('simulate')
    .description('write a labelled capture of a simulated home: the same seed gives the same bytes')
    .option('--devices <n>', 'number of devices, or their kinds separated by commas', '8')
    .option('--hours <n>', 'length of the capture', '1')
    .option(
      '--attack <kind>',
      'an attack (scan, flood, beacon, …), with options as kind:key=value,key=value; may be repeated',
      (kind: string, kinds: string[]) => [...kinds, kind],
      [] as string[],
    )
    .option('--seed <n>', 'which of the possible homes', '1')
    .option('--bulk <factor>', 'size of videos, downloads and backups, 1 being natural (default: 0.02)')
    .option('--snap-length <bytes>', 'bytes kept of each packet (default: all)')
    .requiredOption('--out <file>', 'capture to write; NAME.packet_labels.csv and NAME.episodes.csv come beside it')
    .option('--force', 'replace files that exist')
    .option('--json', 'the summary as JSON')
    .addHelpText(
      'after',
      `
Examples:
  guardian simulate --devices 8 --hours 1 --attack scan --seed 7 --out home.pcap
  guardian simulate --devices camera,tv,plug,phone --hours 24 --out day.pcap
  guardian simulate --hours 2 --attack beacon:at=600 --attack exfiltration --out attacked.pcap`,
    )
    .action(async (flags: SimulateFlags, command: Command) => {
      const [{ companionFiles, simulateToFile }, { parseAttack }] = await Promise.all([
        import('../../simulator/write.ts'),
        import('../../simulator/options.ts'),
      ]);
      const quiet = isQuiet(command);
      if (!flags.force) for (const file of [flags.out, ...companionFiles(flags.out)]) await refuseExisting(file);
      const progress = createProgress('Simulating', quiet);
      const options = {
        devices: devicesOf(flags.devices),
        hours: number('--hours', flags.hours),
        attacks: flags.attack.map(parseAttack),
        seed: number('--seed', flags.seed),
        bulk: flags.bulk === undefined ? undefined : number('--bulk', flags.bulk),
        snapLength: flags.snapLength === undefined ? undefined : number('--snap-length', flags.snapLength),
      };
      const summary = await simulateToFile(flags.out, options, progress.update).finally(() => progress.stop());
      const { packets, malicious, devices, episodes, files } = summary;
      if (flags.json) {
        const shown = episodes.map(({ hosts, ...episode }) => ({ ...episode, hosts: [...hosts] }));
        process.stdout.write(`${JSON.stringify({ ...summary, episodes: shown })}\n`);
        return;
      }
      note(
        `Wrote ${files[0]}: ${count(packets, 'packet')} of ${count(devices.length, 'device')}, ${malicious} of them of attacks.`,
        quiet,
      );
      for (const { kind, onset, end, hosts } of episodes) {
        const when = Number.isNaN(onset)
          ? 'did not come to pass'
          : `from ${utc(onset)} to ${utc(end)} (${[...hosts].join(', ')})`;
        note(`  ${kind} ${when}`, quiet);
      }
      note(`Labels: ${files[1]}; truth about the attacks: ${files[2]}.`, quiet);
    });
