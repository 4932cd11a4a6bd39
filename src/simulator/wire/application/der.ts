import { ByteWriter } from '../bytes.ts';

/** One ASN.1 value in DER (ITU-T X.690): tag, definite length below 65,536, contents. */
export function der(tag: number, ...parts: ReadonlyArray<Uint8Array>): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const writer = new ByteWriter(length + 5).u8(tag);
  if (length < 128) writer.u8(length);
  else if (length < 256) writer.u8(0x81).u8(length);
  else writer.u8(0x82).u16(length);
  for (const part of parts) writer.bytes(part);
  return writer.done();
}
