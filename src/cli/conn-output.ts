/** Connection records on standard output, one entry a format. */
import type { Conn } from '../flow/conn.ts';

interface ConnOutput {
  write(conn: Conn): void;
  /** Shows what was gathered, where the format allows it before the end. */
  flush(): void;
  end(): void;
}

type Sink = (bytes: string | Uint8Array) => void;

/** Characters gathered before a write: one system call for hundreds of rows. */
const BUFFER = 1 << 16;

const rows = (sink: Sink, row: (conn: Conn) => string, header = '', footer: () => string = () => ''): ConnOutput => {
  let pending = header;
  const flush = (): void => {
    if (pending !== '') sink(pending);
    pending = '';
  };
  return {
    write(conn) {
      pending += row(conn);
      if (pending.length >= BUFFER) flush();
    },
    flush,
    end() {
      pending += footer();
      flush();
    },
  };
};

/** Format: how its output is made. The writers load when they are chosen. */
export const connOutputs = {
  async zeek(sink: Sink) {
    const table = (await import('../flow/write/zeek-log.ts')).zeekTable();
    return rows(sink, table.row, table.header(new Date()), () => table.footer(new Date()));
  },
  async json(sink: Sink) {
    const { zeekJsonLine } = await import('../flow/write/zeek-log.ts');
    return rows(sink, (conn) => zeekJsonLine(conn));
  },
  async csv(sink: Sink) {
    const { csvHeader, csvRow } = await import('../flow/write/write-csv.ts');
    return rows(sink, csvRow, csvHeader());
  },
  async parquet(sink: Sink) {
    const { createParquetOutput } = await import('../flow/write/write-parquet.ts');
    // Its rows are written in groups, and no group can be read before the footer.
    return { ...createParquetOutput(sink), flush() {} };
  },
} as const satisfies Record<string, (sink: Sink) => Promise<ConnOutput>>;

export type ConnFormat = keyof typeof connOutputs;
