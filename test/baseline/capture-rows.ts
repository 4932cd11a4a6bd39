import type { Conn } from '../../src/flow/conn.ts';
import { zeekTable } from '../../src/flow/write/zeek-log.ts';
import { type CaptureOptions, flowsFromCapture } from '../../src/source/capture/flows-from-capture.ts';
import type { ZeekRow } from './zeek-table.ts';

/** Our connections of a capture as rows of text, exactly as we would write them. */
export async function captureRows(capture: string, options: CaptureOptions = {}): Promise<ZeekRow[]> {
  const conns: Conn[] = [];
  await flowsFromCapture(capture, options, (conn) => conns.push(conn));
  const table = zeekTable();
  const fields = table.header(new Date(0)).split('\n')[6].split('\t').slice(1);
  return conns.map((conn) => {
    const cells = table.row(conn).trimEnd().split('\t');
    return Object.fromEntries(fields.map((field, i) => [field, cells[i]]));
  });
}
