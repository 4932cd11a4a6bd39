/** Every format of flow records that is read, the particular ones before those that take almost anything. */
import type { FlowFormat } from './flow-format.ts';
import { argus } from './format/argus.ts';
import { cicFlowMeter } from './format/cicflowmeter.ts';
import { csv } from './format/csv.ts';
import { eve } from './format/eve.ts';
import { jsonLines } from './format/json-lines.ts';
import { netflow } from './format/netflow.ts';
import { nfdumpCsv } from './format/nfdump-csv.ts';
import { nfdumpJson } from './format/nfdump-json.ts';
import { nfdumpText } from './format/nfdump-text.ts';
import { nfStream } from './format/nfstream.ts';
import { parquet } from './format/parquet.ts';
import { sflow } from './format/sflow.ts';
import { wireshark } from './format/wireshark.ts';
import { zeekJson } from './format/zeek-json.ts';
import { zeekTsv } from './format/zeek-tsv.ts';

const registry = [
  zeekTsv,
  zeekJson,
  eve,
  argus,
  cicFlowMeter,
  nfStream,
  nfdumpCsv,
  nfdumpText,
  nfdumpJson,
  wireshark,
  parquet,
  netflow,
  sflow,
  jsonLines,
  csv,
] as const;

export type FlowFormatName = (typeof registry)[number]['format'];
export const flowFormats: readonly FlowFormat<FlowFormatName>[] = registry;
