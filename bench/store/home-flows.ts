/**
 * Connections as a home makes them, as many as are asked for: one day of the simulator, told again for many days and
 * households, each with devices of its own, and now and then an end that nobody else speaks to.
 */

import { createInventory } from '../../src/device/inventory.ts';
import { type FlowRecord, FlowRecorder } from '../../src/device/record/flow-record.ts';
import { lookupVendor } from '../../src/device/vendor.ts';
import { ConnectionTable } from '../../src/flow/table/connection-table.ts';
import { makeUid } from '../../src/flow/uid.ts';
import { decodePacket } from '../../src/packet/decode.ts';
import { Packet } from '../../src/packet/packet.ts';
import { simulate } from '../../src/simulator/simulate.ts';

const DAY = 86_400;
const ETHERNET = 1;
/** One connection in so many goes to an end of its own. */
const RARE = 50;
const RARE_ENDS = 20_000;

/** What a household of the simulator does in a day. */
export function oneDay(hours = 24): FlowRecord[] {
  const flows: FlowRecord[] = [];
  const inventory = createInventory({ lookupVendor });
  const recorder = new FlowRecorder((address) => inventory.ownerOf(address));
  const table = new ConnectionTable({
    onApp: (record) => {
      recorder.app(record);
      inventory.app(record);
    },
    onConn: (conn) => {
      const record = recorder.record(conn, 0.7);
      if (record) flows.push(record);
    },
  });
  const packet = new Packet();
  for (const { ts, data } of simulate({ devices: 20, hours, seed: 3, bulk: 0.0005 })) {
    packet.bytes = data;
    packet.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    Object.assign(packet, { offset: 0, end: data.length, origlen: data.length, linktype: ETHERNET, ts: ts / 1e6 });
    if (!decodePacket(packet, true)) continue;
    inventory.packet(packet);
    table.packet(packet);
  }
  table.flush();
  return flows.sort((a, b) => a.ts - b.ts);
}

/** In the order in which they begin; `end` is the time of the last, seconds since 1970. */
export function* manyFlows(
  day: readonly FlowRecord[],
  count: number,
  days: number,
  end: number,
): Generator<FlowRecord> {
  const random = createRandom(11);
  const copies = Math.max(1, Math.round(count / (day.length * days)));
  const first = day[0].ts;
  let made = 0;
  for (let d = 0; made < count; d++) {
    for (const flow of day) {
      for (let copy = 0; copy < copies && made < count; copy++) {
        const isRare = random() * RARE < 1;
        const rare = Math.floor(random() * RARE_ENDS);
        const ts = end - (days - d) * DAY + ((flow.ts - first) % DAY) + random();
        const port = flow.orig_p === null || flow.orig_p < 1024 ? flow.orig_p : 1024 + Math.floor(random() * 60_000);
        made++;
        yield {
          ...flow,
          ...{ ts, uid: makeUid(made, ts, copy, d), orig_p: port },
          device: copy === 0 ? flow.device : `${flow.device.slice(0, -2)}${copy.toString(16).padStart(2, '0')}`,
          own: copy === 0 ? flow.own : flow.own.replace(/^192\.168\.\d+/, `10.0.${copy}`),
          ...(isRare && { peer: `198.18.${rare >> 8}.${rare & 255}`, name: null }),
          duration: flow.duration === null ? null : flow.duration * (0.5 + random()),
          score: random() * 3,
        };
      }
    }
  }
}

export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
