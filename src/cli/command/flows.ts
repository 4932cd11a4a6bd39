import { type Command, Option } from 'commander';
import type { Conn } from '../../flow/conn.ts';
import type { SourceStats } from '../../source/source.ts';
import { isQuiet } from '../settings.ts';
import { createProgress, note, printable, renderTable } from '../terminal.ts';

interface FlowsFlags {
  format: 'zeek' | 'json';
  ignoreChecksums?: boolean;
  stats?: boolean;
}

/** Lines gathered before a write: one system call for hundreds of rows. */
const BUFFER = 1 << 16;

function createOutput(): { write: (text: string) => void; flush: () => void } {
  let pending = '';
  const flush = (): void => {
    if (pending !== '') process.stdout.write(pending);
    pending = '';
  };
  return {
    write(text) {
      pending += text;
      if (pending.length >= BUFFER) flush();
    },
    flush,
  };
}

function renderStats(stats: SourceStats, connections: number, seconds: number): string {
  const counts = (title: string, values: Record<string, number>): [string, number][] =>
    Object.entries(values).map(([name, count]) => [`${title} ${name}`, count]);
  const rows: [string, string | number][] = [
    ['format', stats.format],
    ['offered', stats.offered],
    ['parsed', stats.parsed],
    ...counts('rejected', stats.rejected),
    ...counts('dropped', stats.dropped),
    ...counts('weird', stats.weirds),
    ['connections', connections],
    ['bytes', stats.bytes],
    ['seconds', seconds.toFixed(3)],
    ['records/s', Math.round(stats.offered / seconds)],
  ];
  return renderTable(
    ['what', 'count'],
    rows.map(([name, value]) => [name, String(value)]),
  );
}

export const defineFlows = (program: Command): Command =>
  program
    .command('flows')
    .description("connection records, as Zeek's conn.log has them, on standard output")
    .argument('<file...>', 'captures or logs of any supported kind; - is standard input')
    .addOption(
      new Option('--format <name>', 'zeek: a conn.log; json: JSON lines with the same names')
        .choices(['zeek', 'json'])
        .default('zeek'),
    )
    .option('--ignore-checksums', 'take packets with wrong checksums too (recorded on the sender itself)')
    .option('--stats', 'packets, rejections, oddities and speed, on standard error')
    .addHelpText(
      'after',
      `
Examples:
  guardian flows capture.pcap > conn.log
  guardian flows capture.pcapng.gz --format json | jq -c 'select(.conn_state == "S0")'
  tcpdump -w - -c 1000 | guardian flows - --stats`,
    )
    .action(async (files: string[], flags: FlowsFlags, command: Command) => {
      const [{ openSource }, { readConns }, { zeekTable, zeekJsonLine }] = await Promise.all([
        import('../../source/open-source.ts'),
        import('../../pipeline/read-conns.ts'),
        import('../../flow/zeek-log.ts'),
      ]);
      const quiet = isQuiet(command);
      const output = createOutput();
      const table = zeekTable();
      const rowOf: (conn: Conn) => string = flags.format === 'zeek' ? table.row : (conn) => zeekJsonLine(conn);
      if (flags.format === 'zeek') output.write(table.header(new Date()));
      for (const file of files) {
        const started = performance.now();
        let connections = 0;
        const source = await openSource(file, { required: [] });
        const progress = createProgress(`Reading ${printable(file)}`, quiet);
        const onConn = (conn: Conn): void => {
          connections++;
          output.write(rowOf(conn));
        };
        const { ignoreChecksums } = flags;
        const stats = await readConns(source, onConn, { ignoreChecksums, onProgress: progress.update }).finally(() => {
          progress.stop();
          output.flush();
        });
        if (stats.truncated) note(`${printable(file)} ends in the middle of a record: what was whole was read.`, quiet);
        if (flags.stats) note(renderStats(stats, connections, (performance.now() - started) / 1000).trimEnd());
      }
      if (flags.format === 'zeek') output.write(table.footer(new Date()));
      output.flush();
    });
