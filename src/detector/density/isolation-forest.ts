/**
 * Isolation forest (Liu, Ting, Zhou 2008): points that few random splits set apart are unusual. The baseline that the
 * other detectors are compared with. Legend: N points, F numbers, row-major.
 */
import { createRandom } from '../../nn/random.ts';

const TREES = 100;
const SAMPLE = 256;
const EULER = 0.5772156649015329;

/** Mean depth of an unsuccessful search in a binary tree of n points: what path lengths are compared with. */
const usualDepth = (n: number): number => (n < 2 ? 0 : 2 * (Math.log(n - 1) + EULER) - (2 * (n - 1)) / n);

/** Leaves have no feature; `size` is the number of sample points that end there. */
interface Node {
  feature: number;
  split: number;
  below: Node | null;
  above: Node | null;
  size: number;
}

export interface IsolationForest {
  /** 0 to 1, about 0.5 for ordinary points. `offset` is where the point begins in `data`. */
  score(data: ArrayLike<number>, offset?: number): number;
}

/** Grows a forest from points [N, F]. */
export function growIsolationForest(data: ArrayLike<number>, features: number, seed: number): IsolationForest {
  const points = data.length / features;
  const sampleSize = Math.min(SAMPLE, points);
  const limit = Math.ceil(Math.log2(Math.max(2, sampleSize)));
  const random = createRandom(seed);
  const order = Int32Array.from({ length: points }, (_, i) => i);

  function grow(members: Int32Array, depth: number): Node {
    const leaf: Node = { feature: -1, split: 0, below: null, above: null, size: members.length };
    if (depth >= limit || members.length < 2) return leaf;
    const feature = Math.floor(random.uniform() * features);
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const member of members) {
      const value = data[member * features + feature];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (!(high > low)) return leaf;
    const split = low + random.uniform() * (high - low);
    const isBelow = (member: number): boolean => data[member * features + feature] < split;
    return {
      feature,
      split,
      below: grow(members.filter(isBelow), depth + 1),
      above: grow(
        members.filter((member) => !isBelow(member)),
        depth + 1,
      ),
      size: members.length,
    };
  }

  const trees = Array.from({ length: TREES }, () => {
    random.shuffle(order);
    return grow(order.slice(0, sampleSize), 0);
  });
  const usual = Math.max(usualDepth(sampleSize), 1e-9);
  return {
    score(values, offset = 0) {
      let total = 0;
      for (const tree of trees) {
        let node = tree;
        let depth = 0;
        while (node.below && node.above) {
          node = values[offset + node.feature] < node.split ? node.below : node.above;
          depth++;
        }
        total += depth + usualDepth(node.size);
      }
      return 2 ** (-total / TREES / usual);
    },
  };
}
