import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWith } from '../../../test/needs.ts';
import type { Conn } from '../../flow/conn.ts';
import { flowsFromCapture } from './flows-from-capture.ts';

const FLOWS = 20_000;
const FRAME = 54;
const RECORD = 16 + FRAME;
const SYN = 0x02;
const ACK = 0x10;

/** Handshakes of many connections, one after the other, then `rounds` acknowledgements in each of them. */
function capture(rounds: number): Uint8Array {
  const packets = FLOWS * (2 + rounds);
  const bytes = new Uint8Array(24 + packets * RECORD);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint32(4, 0x00040002, true);
  view.setUint32(16, 262_144, true);
  view.setUint32(20, 1, true);
  for (let i = 0; i < packets; i++) {
    const step = Math.floor(i / FLOWS);
    const flow = (i * 7919) % FLOWS;
    const isOrig = step !== 1;
    const at = 24 + i * RECORD;
    view.setUint32(at, 1_700_000_000, true);
    view.setUint32(at + 4, Math.floor((i / packets) * 1e6), true);
    view.setUint32(at + 8, FRAME, true);
    view.setUint32(at + 12, FRAME, true);
    view.setUint16(at + 28, 0x0800);
    const ip = at + 30;
    view.setUint32(ip, 0x45000028);
    view.setUint32(ip + 8, 0x40060000);
    view.setUint32(ip + (isOrig ? 12 : 16), 0x0a000000 + flow);
    view.setUint32(ip + (isOrig ? 16 : 12), 0xc6336401);
    view.setUint16(ip + (isOrig ? 20 : 22), 40_000);
    view.setUint16(ip + (isOrig ? 22 : 20), 443);
    view.setUint32(ip + 24, isOrig && step > 0 ? 2 : 1);
    view.setUint32(ip + 28, step > 0 ? 2 : 0);
    view.setUint32(ip + 32, 0x50000000 | (([SYN, SYN | ACK][step] ?? ACK) << 16) | 0xffff);
  }
  return bytes;
}

async function connections(bytes: Uint8Array, isFast: boolean): Promise<Conn[]> {
  const found: Conn[] = [];
  const input = (async function* () {
    yield bytes;
  })();
  const options = { ignoreChecksums: true, ...(isFast ? {} : { kernel: undefined }) };
  const stats = await flowsFromCapture(input, options, (conn) => found.push(conn));
  expect(stats.evictedEmergency).toBe(0);
  return found;
}

const kernel = new URL('../../../build/kernel/flow.wasm', import.meta.url);

describeWith(existsSync(kernel) ? null : 'the compiled kernel (npm run setup)', 'many connections', () => {
  it('are the same whether the fast path looks ahead for them or not', async () => {
    const bytes = capture(3);
    const fast = await connections(bytes, true);
    expect(fast).toHaveLength(FLOWS);
    expect(new Set(fast.map(({ id_orig_h }) => id_orig_h)).size).toBe(FLOWS);
    for (const conn of fast) expect([conn.history, conn.orig_pkts, conn.resp_pkts]).toEqual(['ShA', 4, 1]);
    expect(fast).toEqual(await connections(bytes, false));
  }, 60_000);
});
