/** Judges the devices of a file, and beside it runs a version of the model on trial, whose alerts are only counted. */
import type { Alert } from '../alert/alert.ts';
import { Watch } from '../alert/watch.ts';
import type { BlockLists } from '../detector/behaviour/reach/block-list.ts';
import type { EnginePart } from '../detector/engine-options.ts';
import type { Inventory } from '../device/inventory.ts';
import { nameOf } from '../device/name.ts';
import type { Conn } from '../flow/conn.ts';
import { type LoadedBaseline, partsWithout } from '../model/baseline-model.ts';
import type { FlowModel } from '../model/flow-model.ts';
import { recordTrial } from '../model/versions.ts';
import type { Packet } from '../packet/packet.ts';
import type { ExpandLimits } from '../source/bytes.ts';
import type { DateOrder } from '../source/column/date-order.ts';
import type { ColumnMapping } from '../source/flow-format.ts';
import type { ReadOptions } from '../source/source.ts';
import { createNetworkTrainer } from '../training/network-trainer.ts';

export interface ScanOptions extends ReadOptions {
  model: FlowModel;
  /** How far a compressed file may expand; unlimited for the owner's own files. */
  limits?: ExpandLimits;
  /** False alarms a week that the owner accepts. */
  budget?: number;
  /** The owner's own lists. */
  blockLists?: BlockLists;
  /** Which column of a log is which field. */
  mapping?: ColumnMapping;
  /** The order of a spreadsheet's dates, where no value of the file shows it. */
  dates?: DateOrder;
  /** Parts of the engine to leave out, for measurements. */
  without?: ReadonlySet<EnginePart>;
}

/** Without a past nothing is known of the devices of a file: only the rules that need none may speak. */
export function createWatch(
  past: LoadedBaseline | null,
  { budget, blockLists, without = new Set() }: ScanOptions,
  inventory: Inventory,
  onAlert: (alert: Alert) => void,
): Watch {
  const watch = new Watch({
    ...{ onAlert, budget, blockLists },
    nameOf: ({ address }) => nameOf(inventory, address),
    ...(past && { trainer: createNetworkTrainer() }),
    without: new Set([...without, ...(past ? partsWithout[past.manifest.detector] : [])]),
  });
  if (past) watch.engine.load(JSON.parse(past.text));
  watch.engine.learning = false;
  return watch;
}

/** A version of the past that sees what the one in service sees, and whose alerts are only counted. */
export interface TrialWatch {
  packet(packet: Packet): void;
  conn(conn: Conn): void;
  /** Adds what was seen to its trial, beside the alerts of the version in service. */
  end(current: number): Promise<void>;
}

export function createTrial(
  { past, directory }: NonNullable<FlowModel['trial']>,
  options: ScanOptions,
  inventory: Inventory,
): TrialWatch {
  let alerts = 0;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const watch = createWatch(past, options, inventory, () => alerts++);
  const see = (ts: number): void => {
    first = Math.min(first, ts);
    last = Math.max(last, ts);
  };
  return {
    packet(packet) {
      see(packet.ts);
      watch.packet(packet);
    },
    conn(conn) {
      if (conn.ts !== null) see(conn.ts);
      watch.conn(conn);
    },
    async end(current) {
      await recordTrial(directory, { from: first, to: last, alerts, current });
    },
  };
}
