/** Every format of flow records that is read, the particular ones before those that take almost anything. */
import type { FlowFormat } from './flow-format.ts';
import { csv } from './format/csv.ts';
import { zeekJson } from './format/zeek-json.ts';
import { zeekTsv } from './format/zeek-tsv.ts';

const registry = [zeekTsv, zeekJson, csv] as const;

export type FlowFormatName = (typeof registry)[number]['format'];
export const flowFormats: readonly FlowFormat<FlowFormatName>[] = registry;
