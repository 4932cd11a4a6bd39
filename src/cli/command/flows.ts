import { type Command, Option } from 'commander';
import type { Conn } from '../../flow/conn.ts';
import type { SourceStats } from '../../source/source.ts';
import { type ConnFormat, connOutputs } from '../conn-output.ts';
import { isQuiet } from '../settings.ts';
import type { SideFlags } from '../side-records.ts';
import { createProgress, note, printable, renderTable } from '../terminal.ts';

interface FlowsFlags extends SideFlags {
  format: ConnFormat;
  ignoreChecksums?: boolean;
  mapping?: string;
  stats?: boolean;
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
      new Option('--format <name>', 'zeek: a conn.log; json: JSON lines; csv; parquet: all with the same names')
        .choices(Object.keys(connOutputs))
        .default('zeek'),
    )
    .option('--ignore-checksums', 'take packets with wrong checksums too (recorded on the sender itself)')
    .option('--mapping <file>', 'JSON that says which column of a log is which field: see docs/inputs.md')
    .option('--dns', 'DNS look-ups into dns.log, as JSON lines')
    .option('--tls', 'TLS and QUIC handshakes into ssl.log, as JSON lines')
    .option('--devices', 'devices into devices.json, as JSON lines')
    .option('--side-dir <dir>', 'folder of those three', '.')
    .option('--stats', 'packets, rejections, oddities and speed, on standard error')
    .addHelpText(
      'after',
      `
Examples:
  guardian flows capture.pcap > conn.log
  guardian flows capture.pcap --dns --tls --devices --side-dir logs --format parquet > conn.parquet
  guardian flows capture.pcapng.gz --format json | jq -c 'select(.conn_state == "S0")'
  tcpdump -w - -c 1000 | guardian flows - --stats`,
    )
    .action(async (files: string[], flags: FlowsFlags, command: Command) => {
      const [{ openSource }, { loadMapping }, { readConns }, { createSideRecords }] = await Promise.all([
        import('../../source/open-source.ts'),
        import('../../source/mapping.ts'),
        import('../../pipeline/read-conns.ts'),
        import('../side-records.ts'),
      ]);
      const quiet = isQuiet(command);
      const { ignoreChecksums } = flags;
      const mapping = flags.mapping === undefined ? undefined : await loadMapping(flags.mapping);
      const output = await connOutputs[flags.format]((bytes) => void process.stdout.write(bytes));
      const side = createSideRecords(flags);
      for (const file of files) {
        const started = performance.now();
        let connections = 0;
        const source = await openSource(file, { required: [], mapping });
        const progress = createProgress(`Reading ${printable(file)}`, quiet);
        const onConn = (conn: Conn): void => {
          connections++;
          output.write(conn);
        };
        const { onApp, onPacket } = side ?? {};
        const options = { ignoreChecksums, onApp, onPacket, onProgress: progress.update };
        const stats = await readConns(source, onConn, options).finally(() => progress.stop());
        if (stats.truncated) note(`${printable(file)} ends in the middle of a record: what was whole was read.`, quiet);
        if (flags.stats) note(renderStats(stats, connections, (performance.now() - started) / 1000).trimEnd());
      }
      output.end();
      for (const written of side?.end() ?? []) note(`Wrote ${written}.`, quiet);
    });
