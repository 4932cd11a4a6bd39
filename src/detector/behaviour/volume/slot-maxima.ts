/**
 * The most that a device did in a slot of time, so that one extreme slot sets no bar: a single upload while learning, be it
 * a new backup or somebody who wants to be unseen later, is not what the device usually does.
 */

/** The largest slots that are kept; what the smallest of them shows happened as often. */
const KEPT = 4;
/** The maximum counts as far as it is in proportion to what happened several times. */
const PROPORTION = 4;
const MOST_DEVICES = 4096;

/** Slot and amount, the largest first. */
type Slots = [slot: number, amount: number][];
export type SavedSlots = [device: string, slots: Slots][];

export class SlotMaxima {
  readonly #devices = new Map<string, Slots>();

  /** What the slot holds so far. */
  learn(device: string, slot: number, amount: number): void {
    const slots = this.#devices.get(device) ?? [];
    if (slots.length === 0) {
      if (this.#devices.size >= MOST_DEVICES) return;
      this.#devices.set(device, slots);
    }
    const known = slots.find(([other]) => other === slot);
    if (known === undefined && slots.length === KEPT && amount <= slots[KEPT - 1][1]) return;
    if (known === undefined) slots.push([slot, amount]);
    else if (amount <= known[1]) return;
    else known[1] = amount;
    slots.sort((a, b) => b[1] - a[1]);
    if (slots.length > KEPT) slots.pop();
  }

  /** Undefined where too little was learned. */
  robust(device: string): number | undefined {
    const slots = this.#devices.get(device);
    if (slots === undefined || slots.length < KEPT) return undefined;
    return Math.min(slots[0][1], PROPORTION * slots[KEPT - 1][1]);
  }

  save(): SavedSlots {
    return [...this.#devices];
  }

  /** Slots of a device that had two addresses are all its own. */
  load(saved: SavedSlots): void {
    this.#devices.clear();
    for (const [device, slots] of saved) for (const [slot, amount] of slots) this.learn(device, slot, amount);
  }
}
