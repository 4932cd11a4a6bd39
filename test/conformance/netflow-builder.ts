/** Export messages of NetFlow v5, v9 and IPFIX, built field by field from the formats' documents. */

/** Epoch seconds of export, and the exporter's uptime then. */
export const EXPORTED = 1_778_158_179;
const UPTIME_MS = 100_000;
/** The flow began 10 s before the export and lasted 2.5 s; the answer began 1 ms later. */
const FIRST_MS = 90_000;

export type Field = [element: number, length: number, enterprise?: number];

export function bytesOf(...parts: (number[] | Uint8Array)[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}
export const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];
export const u32 = (value: number): number[] => [...u16(Math.floor(value / 65_536)), ...u16(value % 65_536)];
export const u64 = (value: number): number[] => [...u32(Math.floor(value / 2 ** 32)), ...u32(value % 2 ** 32)];
const ip4 = (address: string): number[] => address.split('.').map(Number);

const DEVICE = ip4('192.168.1.7');
const SERVER = ip4('198.51.100.4');

interface Half {
  from: number[];
  to: number[];
  ports: [number, number];
  packets: number;
  bytes: number;
  first: number;
  last: number;
  flags: number;
}
const there: Half = {
  from: DEVICE,
  to: SERVER,
  ports: [50_000, 443],
  packets: 10,
  bytes: 1400,
  first: FIRST_MS,
  last: FIRST_MS + 2500,
  flags: 0x1b,
};
const back: Half = {
  from: SERVER,
  to: DEVICE,
  ports: [443, 50_000],
  packets: 8,
  bytes: 5320,
  first: FIRST_MS + 1,
  last: FIRST_MS + 2400,
  flags: 0x1b,
};
/** Nobody answers it. */
const scan: Half = { ...there, to: ip4('198.51.100.9'), ports: [50_001, 23], packets: 1, bytes: 40, flags: 0x02 };

function v5Record(half: Half): number[] {
  return [
    ...half.from,
    ...half.to,
    ...u32(0),
    ...u16(1),
    ...u16(2),
    ...u32(half.packets),
    ...u32(half.bytes),
    ...u32(half.first),
    ...u32(half.last),
    ...u16(half.ports[0]),
    ...u16(half.ports[1]),
    0,
    half.flags,
    6,
    0,
    ...u32(0),
    ...u32(0),
  ];
}

export function netflowV5(sampling = 0): Buffer {
  const records = [there, back, scan].map(v5Record);
  return bytesOf(
    [
      ...u16(5),
      ...u16(records.length),
      ...u32(UPTIME_MS),
      ...u32(EXPORTED),
      ...u32(0),
      ...u32(1),
      0,
      0,
      ...u16(sampling),
    ],
    records.flat(),
  );
}

/** v1 and v7: the same elements in other places. */
export function netflowV1(): Buffer {
  const records = [there, back, scan].map((half) => [
    ...v5Record(half).slice(0, 36),
    ...u16(0),
    6,
    0,
    half.flags,
    ...Array<number>(11).fill(0),
  ]);
  return bytesOf([...u16(1), ...u16(records.length), ...u32(UPTIME_MS), ...u32(EXPORTED), ...u32(0)], records.flat());
}

export function netflowV7(): Buffer {
  const records = [there, back, scan].map((half) => [...v5Record(half), ...u32(0)]);
  const head = [
    ...u16(7),
    ...u16(records.length),
    ...u32(UPTIME_MS),
    ...u32(EXPORTED),
    ...u32(0),
    ...u32(1),
    ...u32(0),
  ];
  return bytesOf(head, records.flat());
}

export const set = (id: number, body: number[]): number[] => [...u16(id), ...u16(body.length + 4), ...body];
export const template = (id: number, fields: Field[]): number[] => [
  ...u16(id),
  ...u16(fields.length),
  ...fields.flatMap(([element, length, enterprise]) =>
    enterprise === undefined
      ? [...u16(element), ...u16(length)]
      : [...u16(element | 0x8000), ...u16(length), ...u32(enterprise)],
  ),
];

const v9Fields: Field[] = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [6, 1],
  [2, 4],
  [1, 4],
  [22, 4],
  [21, 4],
  [10, 4],
];
const v9Record = (half: Half): number[] => [
  ...half.from,
  ...half.to,
  ...u16(half.ports[0]),
  ...u16(half.ports[1]),
  6,
  half.flags,
  ...u32(half.packets),
  ...u32(half.bytes),
  ...u32(half.first),
  ...u32(half.last),
  ...u32(7),
];

export const v9Header = (count: number, domain = 0): number[] => [
  ...u16(9),
  ...u16(count),
  ...u32(UPTIME_MS),
  ...u32(EXPORTED),
  ...u32(1),
  ...u32(domain),
];

/** Two datagrams, as from a file: the template and an options template in the first, the flows in the second. */
export function netflowV9(): Buffer {
  const options = [
    ...u16(300),
    ...u16(4),
    ...u16(8),
    ...u16(1),
    ...u16(4),
    ...u16(34),
    ...u16(4),
    ...u16(35),
    ...u16(1),
  ];
  const flows = [there, back, scan].flatMap(v9Record);
  return bytesOf(
    [...v9Header(2), ...set(0, template(260, v9Fields)), ...set(1, [...options, 0, 0])],
    [...v9Header(3), ...set(260, [...flows, 0, 0])],
  );
}

export function ipfix(...sets: number[][]): Buffer {
  const body = sets.flat();
  return bytesOf([...u16(10), ...u16(body.length + 16), ...u32(EXPORTED), ...u32(1), ...u32(7)], body);
}

const address6 = (last: number): number[] => [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];

/** A bidirectional flow (RFC 5103) with a name of variable length, and a one-way flow without answer. */
export function ipfixMessage(): Buffer {
  const REVERSE = 29_305;
  const fields: Field[] = [
    [27, 16],
    [28, 16],
    [7, 2],
    [11, 2],
    [4, 1],
    [2, 8],
    [1, 8],
    [2, 8, REVERSE],
    [1, 8, REVERSE],
    [152, 8],
    [153, 8],
    [96, 65_535],
  ];
  const record = (answers: number, name: string): number[] => [
    ...address6(7),
    ...address6(0x53),
    ...u16(40_000),
    ...u16(53),
    17,
    ...u64(10),
    ...u64(800),
    ...u64(answers),
    ...u64(answers * 100),
    ...u64((EXPORTED - 10) * 1000),
    ...u64((EXPORTED - 10) * 1000 + 2500),
    ...(name.length < 255 ? [name.length] : [255, ...u16(name.length)]),
    ...Buffer.from(name),
  ];
  return ipfix(set(2, template(400, fields)), set(400, [...record(8, 'dns'), ...record(0, 'x'.repeat(300))]));
}
