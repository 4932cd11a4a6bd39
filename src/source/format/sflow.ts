/** A file of sFlow v5 datagrams one after the other, as they came. */
import { defineFlowFormat } from '../flow-format.ts';
import { readMessages } from '../netflow/message-file.ts';
import { datagramLength } from '../sflow/datagram.ts';

export const sflow = defineFlowFormat({
  format: 'sflow',
  title: 'sFlow',
  recognise: ({ bytes }) =>
    datagramLength(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, true) !== null,
  read: (input, _head, rows) => readMessages(input, rows, datagramLength),
});
