/** NetBIOS name query (RFC 1002, 4.2.12), broadcast. */
import { ByteWriter } from '../bytes.ts';

export function nbnsQuery(id: number, name: string): Uint8Array {
  const writer = new ByteWriter(50).u16(id).u16(0x0110).u16(1).u16(0).u16(0).u16(0).u8(32);
  // First-level encoding: 15 characters and the service type 0, each as two letters from A on.
  for (const character of `${name.toUpperCase().padEnd(15).slice(0, 15)}\0`) {
    const code = character.charCodeAt(0);
    writer.u8(65 + (code >> 4)).u8(65 + (code & 15));
  }
  return writer.u8(0).u16(0x20).u16(1).done();
}
