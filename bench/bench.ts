/** What every benchmark gives, and how ours and a peer are measured: alternating, median of several runs. */

export interface Row {
  name: string;
  value: number;
  unit: string;
  peer: string | null;
  peer_value: number | null;
  /** Above 1 we are better; null where no peer ran. */
  ratio: number | null;
}

/**
 * One file per benchmark exports this. `note` is for what could not be measured; it goes to standard error. `isWanted` tells whether a
 * row was asked for (`--only NAME`); a benchmark whose rows are not measured one by one may leave it aside.
 */
export type Benchmark = (
  files: string[],
  note: (text: string) => void,
  isWanted: (row: string) => boolean,
) => Promise<Row[]>;

/** Does the work once and returns how much of it there was (windows, packets, bytes). */
export type Work = () => number | Promise<number>;

export interface Peer {
  name: string;
  work: Work;
}

const runs = 7;

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function rate(work: Work): Promise<number> {
  const start = performance.now();
  const amount = await work();
  return (1000 * amount) / (performance.now() - start);
}

/** Amount per second of ours, and of the peer where there is one, in turns after a round to warm up. */
export async function compare(name: string, unit: string, ours: Work, peer?: Peer): Promise<Row> {
  const own: number[] = [];
  const theirs: number[] = [];
  for (let run = -1; run < runs; run++) {
    const speeds = [await rate(ours), peer ? await rate(peer.work) : Number.NaN];
    if (run < 0) continue;
    own.push(speeds[0]);
    theirs.push(speeds[1]);
  }
  const value = median(own);
  if (!peer) return { name, value, unit, peer: null, peer_value: null, ratio: null };
  return { name, value, unit, peer: peer.name, peer_value: median(theirs), ratio: value / median(theirs) };
}

/** A number that was not timed, or timed elsewhere. */
export const fact = (name: string, value: number, unit: string, peer?: { name: string; value: number }): Row => ({
  name,
  value,
  unit,
  peer: peer?.name ?? null,
  peer_value: peer?.value ?? null,
  ratio: peer ? value / peer.value : null,
});
