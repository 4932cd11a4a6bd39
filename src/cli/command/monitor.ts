import type { Command } from 'commander';
import { count } from '../../alert/words/phrase.ts';
import { AppError } from '../../errors.ts';
import type { MonitorEvent, MonitorStats } from '../../monitor/monitor-event.ts';
import { noteRoot } from '../root-note.ts';
import { commandSettings, isQuiet } from '../settings.ts';
import { fail, note, printable } from '../terminal.ts';

interface MonitorFlags {
  interface?: string;
  ssh?: string;
  netflow?: string;
  exporters?: string;
  zeek?: string;
  duration?: string;
  learnHours: string;
  state?: string;
  filter?: string;
  json?: boolean;
}

const clock = (ts: number): string => `${new Date(ts * 1000).toISOString().slice(0, 19)}Z`;

function number(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new AppError('bad_option', { option, value: text, expected: 'Give a number that is not negative.' });
}

/** An event for a person: alerts and devices are results, the rest is said beside them. */
function show(event: MonitorEvent, quiet: boolean): void {
  switch (event.type) {
    case 'alert': {
      const { updated, severity, ts, sentence, advice } = event;
      const text = `${clock(ts)}  ${severity.padEnd(8)}  ${updated ? 'More: ' : ''}${sentence} ${advice[0] ?? ''}`;
      process.stdout.write(`${printable(text).trimEnd()}\n`);
      return;
    }
    case 'device': {
      const what = [event.vendor, event.name, event.kind === 'unknown' ? null : event.kind].filter(Boolean).join(', ');
      const where = [event.mac, event.ips[0]].filter(Boolean).join(', ');
      const word = { found: 'New device', online: 'Back', offline: 'Away' }[event.event];
      const ts = event.event === 'found' ? event.first_seen : event.last_seen;
      process.stdout.write(`${clock(ts)}  ${word}: ${printable(`${what === '' ? 'unknown' : what} (${where})`)}\n`);
      return;
    }
    case 'state':
      note(`${clock(event.ts)}  ${event.state}${event.reason === null ? '' : `: ${printable(event.reason)}`}`, quiet);
      return;
    case 'gap':
      if (event.to !== null) note(`Not seen: ${clock(event.from)} to ${clock(event.to)}.`, quiet);
  }
}

function account({ offered, parsed, rejected, dropped, connections, devices, alerts, gaps }: MonitorStats): string {
  const listed = (counts: Record<string, number>): string => {
    const reasons = Object.entries(counts).map(([reason, number]) => `${reason} ${number}`);
    return reasons.length === 0 ? '0' : reasons.join(', ');
  };
  return (
    `${count(offered, 'packet')}: ${parsed} parsed, rejected ${listed(rejected)}, dropped ${listed(dropped)}. ` +
    `${count(connections, 'connection')}, ${count(devices, 'device')}, ${count(alerts, 'alert')}, ${count(gaps.length, 'gap')}.`
  );
}

export const defineMonitor = (program: Command): Command =>
  program
    .command('monitor')
    .description('watch a network and say what is unusual, as it happens')
    .option('--interface <name>', 'interface to watch')
    .option('--ssh <user@host>', 'watch the interface of that machine, with its tcpdump')
    .option('--netflow <[address:]port>', 'listen for NetFlow, IPFIX and sFlow instead')
    .option('--exporters <addresses>', 'take NetFlow, IPFIX and sFlow of these addresses and networks alone')
    .option('--zeek <folder>', 'follow the conn.log of a running Zeek instead')
    .option('--duration <seconds>', 'end after that time (default: with Ctrl-C)')
    .option('--learn-hours <n>', 'learn what is ordinary for so long before judging it; rules speak at once', '24')
    .option('--state <file>', 'keep what was learned here, over restarts')
    .option('--filter <expression>', 'capture only this, in the language of tcpdump')
    .option('--json', 'one JSON line an event: alert, device, state, gap, stats')
    .addHelpText(
      'after',
      `
Examples:
  guardian monitor --interface eth0 --state guardian-state.json
  guardian monitor --ssh root@router --interface br-lan
  guardian monitor --netflow 192.168.1.2:2055
  guardian monitor --interface br-lan --duration 3600 --json | jq -r 'select(.type == "alert") | .sentence'
"guardian doctor --interface eth0" says what is missing where nothing is seen.`,
    )
    .action(async (flags: MonitorFlags, command: Command) => {
      const { detection, monitor: settings } = commandSettings(command, {
        'monitor.filter': flags.filter,
        'monitor.exporters': flags.exporters,
      }).settings;
      const [{ openSource }, { mannerOf }, { Monitor }, { BlockListFiles }, { loadLivePast }, { ownMacs }] =
        await Promise.all([
          import('../../monitor/target/open-source.ts'),
          import('../../monitor/target/capture-options.ts'),
          import('../../monitor/worker/monitor.ts'),
          import('../../detector/behaviour/reach/block-list-files.ts'),
          import('../../monitor/worker/trained-baseline.ts'),
          import('../../device/active/own-machine.ts'),
        ]);
      const quiet = isQuiet(command);
      const duration = flags.duration === undefined ? null : number('--duration', flags.duration);
      const learnSeconds = 3600 * number('--learn-hours', flags.learnHours);
      const { interface: name, ssh, netflow, zeek } = flags;
      const source = await openSource(
        { interface: name, ssh, netflow, zeek, exporters: settings.exporters, ...mannerOf(settings) },
        { searchPath: process.env.PATH ?? '', isRoot: process.getuid?.() === 0 },
      );
      const isOwn = name !== undefined && ssh === undefined;
      if (isOwn) await noteRoot(quiet);
      const blockLists = await BlockListFiles.open(detection.blockLists);
      for (const complaint of blockLists.complaints) note(printable(complaint), quiet);
      let hasSeen = false;
      const monitor = new Monitor({
        source,
        learnSeconds,
        budget: detection.falseAlarmsPerWeek,
        blockLists,
        stateFile: flags.state,
        ownMacs: ownMacs(),
        loadBaselineModel: () => loadLivePast(detection.model),
        onTrouble: (error) => note(error.toLine(), quiet),
        onEvent: (event) => {
          if (event.type === 'state') hasSeen ||= event.state === 'learning' || event.state === 'watching';
          if (flags.json) process.stdout.write(`${JSON.stringify(event)}\n`);
          if (!flags.json || event.type === 'state') show(event, quiet);
        },
      });
      await monitor.restore();
      await monitor.start();
      await new Promise<void>((resolve) => {
        process.once('SIGINT', resolve).once('SIGTERM', resolve);
        if (duration !== null) setTimeout(resolve, Math.min(duration * 1000, 2 ** 31 - 1));
      });
      const stats = await monitor.stop();
      note(account(stats), quiet);
      if (hasSeen) return;
      const reason = (stats.gaps[0]?.reason ?? 'it was too short').replace(/\.$/, '');
      fail(
        isOwn
          ? new AppError('capture_failed', { interface: source.name, reason })
          : new AppError('nothing_seen', { source: source.name, reason }),
      );
    });
