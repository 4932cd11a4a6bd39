/** As much of the Protocol Buffers wire format as an ONNX file needs. A message is its fields, one after the other. */
export type Message = Uint8Array<ArrayBuffer>;

const varintWire = 0;
const bytesWire = 2;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

const key = (field: number, wire: number): number[] => varint(field * 8 + wire);

export const concat = (...parts: Message[]): Message => new Uint8Array(Buffer.concat(parts));

/** A whole number >= 0. */
export const integer = (field: number, value: number): Message =>
  Uint8Array.from([...key(field, varintWire), ...varint(value)]);

export const bytes = (field: number, value: Message): Message =>
  concat(Uint8Array.from([...key(field, bytesWire), ...varint(value.length)]), value);

export const text = (field: number, value: string): Message => bytes(field, new TextEncoder().encode(value));

/** A nested message. */
export const message = (field: number, ...fields: Message[]): Message => bytes(field, concat(...fields));
