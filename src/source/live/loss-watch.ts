/** Whether records are lost on their way: above a share of those of the last seconds, nothing is told of the rest. */

/** Share of what came and was lost that may be lost. */
const SHARE = 0.01;
/** Seconds that are looked at together. */
const WINDOW = 5;

export interface Arrivals {
  /** Records that came, and that never came by the exporters' numbers. */
  records: number;
  lost: number;
  /** Datagrams that came, and that the kernel has thrown away. */
  datagrams: number;
  dropped: number;
}

export class LossWatch {
  /** Totals of the last seconds, oldest first. */
  #totals: Arrivals[] = [];

  /** Takes the totals, once a second; gives what is wrong, or null. */
  next(totals: Arrivals): string | null {
    this.#totals.push(totals);
    if (this.#totals.length > WINDOW + 1) this.#totals.shift();
    const [first] = this.#totals;
    const dropped = totals.dropped - first.dropped;
    const ofDatagrams = shareOf(dropped, totals.datagrams - first.datagrams);
    if (ofDatagrams > SHARE) return `${percent(ofDatagrams)} of the datagrams are dropped before they are read`;
    const ofRecords = shareOf(totals.lost - first.lost, totals.records - first.records);
    return ofRecords > SHARE ? `${percent(ofRecords)} of the exporters' flows never arrive` : null;
  }
}

const shareOf = (lost: number, came: number): number => (lost > 0 ? lost / (lost + Math.max(0, came)) : 0);
const percent = (share: number): string => `${Math.max(1, Math.round(100 * share))} %`;
