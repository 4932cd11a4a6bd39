import { type Command, Option } from 'commander';
import { AppError } from '../../errors.ts';
import type { Conn } from '../../flow/conn.ts';
import type { DateOrder } from '../../source/column/date-order.ts';
import type { Source } from '../../source/open-source.ts';
import type { RunStats } from '../../source/read-conns.ts';
import { type ConnFormat, connOutputs } from '../conn-output.ts';
import { defineHistoryFlags, type HistoryFlags, readHistory } from '../history-flows.ts';
import { allLeftOut, leftOutNotes } from '../left-out.ts';
import { renderStats } from '../run-stats.ts';
import { isQuiet } from '../settings.ts';
import { createSideRecords, type SideFlags, type SideRecords } from '../side-records.ts';
import { createProgress, fail, note, printable } from '../terminal.ts';

interface FlowsFlags extends SideFlags, HistoryFlags {
  history?: boolean;
  netflow?: string;
  zeek?: string;
  duration?: string;
  format: ConnFormat;
  ignoreChecksums?: boolean;
  mapping?: string;
  dates?: DateOrder;
  stats?: boolean;
}

/** Records of a live source are shown this soon. */
const FLUSH_MS = 500;

export const defineFlows = (program: Command): Command =>
  defineHistoryFlags(program.command('flows'))
    .description("connection records, as Zeek's conn.log has them, on standard output")
    .argument('[file...]', 'captures or logs of any supported kind; - is standard input')
    .addOption(
      new Option('--format <name>', 'zeek: a conn.log; json: JSON lines; csv; parquet: all with the same names')
        .choices(Object.keys(connOutputs))
        .default('zeek'),
    )
    .option('--ignore-checksums', 'take packets with wrong checksums too (recorded on the sender itself)')
    .option('--mapping <file>', 'JSON that says which column of a log is which field: see docs/inputs.md')
    .addOption(
      new Option('--dates <order>', "order of a spreadsheet's dates, where no value of the file shows it").choices([
        'day-first',
        'month-first',
      ]),
    )
    .option('--netflow <[address:]port>', 'listen for NetFlow, IPFIX and sFlow instead of reading files')
    .option('--zeek <folder>', 'follow the conn.log of a running Zeek instead of reading files')
    .option('--duration <seconds>', 'end listening or following after that time (default: with Ctrl-C)')
    .option('--dns', 'DNS look-ups into dns.log, as JSON lines')
    .option('--tls', 'TLS and QUIC handshakes into ssl.log, as JSON lines')
    .option('--devices', 'devices into devices.json, as JSON lines')
    .option('--side-dir <dir>', 'folder of those three, made where there is none', '.')
    .option('--force', 'replace those three where they exist')
    .option('--stats', 'packets by layer, rejections, oddities and speed, on standard error')
    .addHelpText(
      'after',
      `
Examples:
  guardian flows capture.pcap > conn.log
  guardian flows capture.pcap --dns --tls --devices --side-dir logs --format parquet > conn.parquet
  guardian flows capture.pcapng.gz --format json | jq -c 'select(.conn_state == "S0")'
  tcpdump -w - -c 1000 | guardian flows - --stats
  guardian flows --netflow 192.168.1.2:2055 --format json
  guardian flows --history --device 192.168.1.7 --since 24h --format csv
  guardian flows --zeek /opt/zeek/logs/current --duration 3600 > hour.log`,
    )
    .action(async (files: string[], flags: FlowsFlags, command: Command) => {
      const { netflow, zeek, history = false } = flags;
      if ([files.length > 0, netflow !== undefined, zeek !== undefined, history].filter(Boolean).length !== 1) {
        command.error('error: name files, or one of --netflow, --zeek and --history');
      }
      const seconds = flags.duration === undefined ? null : durationOf(flags.duration);
      const output = await connOutputs[flags.format]((bytes) => void process.stdout.write(bytes));
      const quiet = isQuiet(command);
      let connections = 0;
      const onConn = (conn: Conn): void => {
        connections++;
        output.write(conn);
      };
      const tell = (stats: RunStats, started: number, file?: string): void => {
        if (flags.stats) note(renderStats(stats, connections, (performance.now() - started) / 1000, file).trimEnd());
        connections = 0;
      };
      if (history) {
        await readHistory(flags, command, onConn);
        return output.end();
      }
      if (files.length === 0) {
        const timer = setInterval(() => output.flush(), FLUSH_MS);
        const started = performance.now();
        const stats = await readLive({ netflow, zeek, seconds, quiet }, onConn).finally(() => clearInterval(timer));
        output.end();
        tell(stats, started);
        return;
      }
      const side = createSideRecords(flags);
      const read = await fileReader(flags, onConn, side, quiet);
      let [sawPackets, isTable] = [false, files.length > 1];
      for (const file of files) {
        const started = performance.now();
        const { stats, error } = await read(file);
        // Where nothing can be written all files are bad; one bad file of many does not keep the others from being read.
        if (error !== null && error.exit !== 3) throw error;
        if (stats !== null) {
          isTable = true;
          sawPackets ||= stats.layers !== undefined;
          tell(stats, started, files.length > 1 ? file : undefined);
        }
        if (error !== null) fail(error);
      }
      if (isTable) output.end();
      for (const written of side?.end(sawPackets) ?? []) note(`Wrote ${written}.`, quiet);
    });

interface FileRead {
  /** Null where nothing could be read. */
  stats: RunStats | null;
  error: AppError | null;
}

async function fileReader(
  { ignoreChecksums, mapping: mappingFile, dates }: FlowsFlags,
  onConn: (conn: Conn) => void,
  side: SideRecords | null,
  quiet: boolean,
): Promise<(file: string) => Promise<FileRead>> {
  const [{ openSource, TRAILING }, { loadMapping }, { readConns }] = await Promise.all([
    import('../../source/open-source.ts'),
    import('../../source/column/mapping.ts'),
    import('../../source/read-conns.ts'),
  ]);
  const mapping = mappingFile === undefined ? undefined : await loadMapping(mappingFile);
  const readSource = async (source: Source): Promise<RunStats> => {
    const name = printable(source.name);
    if (side !== null && source.kind === 'flows')
      note(`${name} holds no packets, so nothing for the side records.`, quiet);
    const progress = createProgress(`Reading ${name}`, quiet);
    const { onApp, watcher } = side ?? {};
    const options = { ignoreChecksums, onApp, watcher, onProgress: progress.update };
    return await readConns(source, onConn, options).finally(() => progress.stop());
  };
  return async (file) => {
    let source: Source | null = null;
    let damage: AppError | null = null;
    const onDamage = (error: AppError): void => {
      damage = error;
    };
    try {
      source = await openSource(file, { required: [], mapping, dates, onDamage });
      const stats = await readSource(source);
      const name = printable(source.name);
      if (stats.weirds[TRAILING]) note(`${name} has bytes behind its gzip data: all of the data were read.`, quiet);
      if (damage === null && stats.truncated)
        note(`${name} ends in the middle of a record: what was whole was read.`, quiet);
      for (const sentence of leftOutNotes(name, stats)) note(sentence, quiet);
      return { stats, error: damage ?? allLeftOut(name, stats) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const account = source?.kind === 'flows' ? source.account() : null;
      return { stats: account?.offered ? account : null, error };
    }
  };
}

interface LiveFlags {
  netflow: string | undefined;
  zeek: string | undefined;
  /** Null: until Ctrl-C. */
  seconds: number | null;
  quiet: boolean;
}

async function readLive({ netflow, zeek, seconds, quiet }: LiveFlags, onConn: (conn: Conn) => void): Promise<RunStats> {
  const { readNetflow, readZeekFolder } = await import('../../monitor/target/live-conns.ts');
  const end = new AbortController();
  const stop = (): void => end.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const options = {
    onConn,
    signal: end.signal,
    onStart: (name: string) => {
      note(`Reading ${printable(name)}: Ctrl-C ends.`, quiet);
      if (seconds !== null) setTimeout(stop, seconds * 1000).unref();
    },
    onTrouble: (error: Error) => note(printable(error instanceof AppError ? error.toLine() : error.message), quiet),
  };
  return netflow === undefined ? readZeekFolder(zeek ?? '', options) : readNetflow(netflow, options);
}

/** Longest delay of a timer. */
const MAX_SECONDS = 2 ** 31 / 1000 - 1;

function durationOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds > 0 && seconds <= MAX_SECONDS) return seconds;
  throw new AppError('bad_option', {
    option: '--duration',
    value: text,
    expected: 'Give a number of seconds above 0, at most 24 days.',
  });
}
