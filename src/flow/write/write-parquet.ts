/** Connection records as Apache Parquet, under Zeek's names, one row group at a time. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Conn } from '../conn.ts';

type Field = keyof Conn;
type Column = 'DOUBLE' | 'INT64' | 'STRING' | 'BOOLEAN';

const columns: readonly (readonly [field: Field, type: Column])[] = [
  ['ts', 'DOUBLE'],
  ['uid', 'STRING'],
  ['id_orig_h', 'STRING'],
  ['id_orig_p', 'INT64'],
  ['id_resp_h', 'STRING'],
  ['id_resp_p', 'INT64'],
  ['proto', 'STRING'],
  ['service', 'STRING'],
  ['duration', 'DOUBLE'],
  ['orig_bytes', 'INT64'],
  ['resp_bytes', 'INT64'],
  ['conn_state', 'STRING'],
  ['local_orig', 'BOOLEAN'],
  ['local_resp', 'BOOLEAN'],
  ['missed_bytes', 'INT64'],
  ['history', 'STRING'],
  ['orig_pkts', 'INT64'],
  ['orig_ip_bytes', 'INT64'],
  ['resp_pkts', 'INT64'],
  ['resp_ip_bytes', 'INT64'],
  ['tunnel_parents', 'STRING'],
  ['ip_proto', 'INT64'],
  ['orig_l2_addr', 'STRING'],
  ['resp_l2_addr', 'STRING'],
  ['vlan', 'INT64'],
  ['own_service', 'STRING'],
  ['label', 'STRING'],
  ['detailed_label', 'STRING'],
];

/** Rows that are kept until they are written. */
const GROUP = 50_000;

export interface ParquetOutput {
  write(conn: Conn): void;
  /** Writes what is left and the footer; without it the file cannot be read. */
  end(): void;
}

/** Hands the bytes of the file to `sink`, in order. */
export function createParquetOutput(sink: (bytes: Uint8Array) => void): ParquetOutput {
  const schema = [
    { name: 'conn', num_children: columns.length },
    ...columns.map(([field, type]) => ({
      name: field.replace(/^id_/, 'id.'),
      repetition_type: 'OPTIONAL' as const,
      ...(type === 'STRING' ? { type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const } : { type }),
    })),
  ];
  const writer = new ParquetWriter({ writer: new SinkWriter(sink), schema, createdBy: 'home-iot-guardian' });
  let rows: Conn[] = [];
  const flush = (): void => {
    const columnData = columns.map(([field, type], i) => ({
      name: schema[i + 1].name,
      data: rows.map((conn) => parquetValue(conn[field], type)),
    }));
    writer.write({ columnData, rowGroupSize: GROUP });
    rows = [];
  };
  return {
    write(conn) {
      rows.push(conn);
      if (rows.length >= GROUP) flush();
    },
    end() {
      if (rows.length > 0) flush();
      writer.finish();
    },
  };
}

function parquetValue(value: Conn[Field], type: Column): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.length === 0 ? '(empty)' : value.join(',');
  return type === 'INT64' ? BigInt(Math.round(value as number)) : value;
}

/** Gives its bytes away after each row group instead of growing with the file. */
class SinkWriter extends ByteWriter {
  private readonly sink: (bytes: Uint8Array) => void;

  constructor(sink: (bytes: Uint8Array) => void) {
    super(1 << 20);
    this.sink = sink;
  }

  flush(): void {
    if (this.index === 0) return;
    // A copy: the buffer is filled again while a slow pipe still holds these bytes.
    this.sink(this.getBytes().slice());
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}
