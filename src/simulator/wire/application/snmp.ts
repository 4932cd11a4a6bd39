/** SNMPv1 (RFC 1157) get and its answer: how computers ask a printer for its state. */
import { ascii } from '../bytes.ts';
import { der } from './der.ts';

const INTEGER = 0x02;
const OCTETS = 0x04;
const NULL = 0x05;
const OBJECT = 0x06;
const SEQUENCE = 0x30;
export const SnmpType = { GET: 0xa0, RESPONSE: 0xa2 } as const;

/** hrPrinterStatus and hrDeviceStatus of RFC 2790, prtMarkerSuppliesLevel of RFC 3805. */
const PRINTER_OBJECTS = [
  [0x2b, 6, 1, 2, 1, 25, 3, 5, 1, 1, 1],
  [0x2b, 6, 1, 2, 1, 25, 3, 2, 1, 5, 1],
  [0x2b, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 1],
];

/** The request, or the answer with one small number per object. */
export function snmpPrinterStatus(type: number, requestId: number, values: readonly number[] | null): Uint8Array {
  const id = Uint8Array.of((requestId >> 24) & 0x7f, requestId >> 16, requestId >> 8, requestId);
  const variables = PRINTER_OBJECTS.map((object, i) =>
    der(
      SEQUENCE,
      der(OBJECT, Uint8Array.from(object)),
      values ? der(INTEGER, Uint8Array.of(values[i]! & 0x7f)) : der(NULL),
    ),
  );
  const zero = der(INTEGER, Uint8Array.of(0));
  const pdu = der(type, der(INTEGER, id), zero, zero, der(SEQUENCE, ...variables));
  return der(SEQUENCE, zero, der(OCTETS, ascii('public')), pdu);
}
