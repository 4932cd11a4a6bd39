/**
 * How unusual each connection is: its kind and size against what this device, or where it has no past this house, did
 * while learning; and whether it goes to a place or service that the device never used.
 */
import { FLOW_FEATURES, type FlowPoint, guardianFlowFeatures } from '../../feature/guardian-flow.ts';
import { amount, type Deviation } from '../deviation.ts';
import { ProfileScorer } from './profile-scorer.ts';

const { categories, features } = guardianFlowFeatures;
const ways = ['from', 'to'] as const;

export class FlowScorer extends ProfileScorer {
  private readonly novelty: boolean;

  /** @param novelty whether to look at who talks to whom for the first time */
  constructor(novelty: boolean) {
    super({ size: FLOW_FEATURES, categories, rare: categories.length + (novelty ? 2 : 0) });
    this.novelty = novelty;
  }

  /** Nats above ordinary of this connection; 0 while nothing was learned. */
  score(point: FlowPoint, learning: boolean): number {
    const { device, vector } = point;
    const values = this.novelty ? [...point.categories, ...acquaintance(point)] : point.categories;
    return learning
      ? this.profiles.learn(device.address, vector, values)
      : this.profiles.surprise(device.address, vector, values);
  }

  /** What stands out in the connection, most unusual first. */
  explain(point: FlowPoint): Deviation[] {
    const { device, vector } = point;
    const values = this.novelty ? [...point.categories, ...acquaintance(point)] : point.categories;
    return this.profiles.explain(device.address, vector, values).map((oddity) => {
      if ('index' in oddity) return amount(features[oddity.index], vector[oddity.index], oddity.usual);
      const { category, share } = oddity;
      if (category < categories.length) return { feature: categories[category], value: values[category], share };
      return { ...acquainted(values[category]), share };
    });
  }

  override move(from: string, to: string): void {
    super.move(from, to);
    // To those whom it talks to it is no stranger either.
    for (const way of ways) this.profiles.rename(`${way} ${from}`, `${way} ${to}`);
  }
}

/** Of a name that `acquaintance` gave: what it is, without the way. */
function acquainted(name: string): { feature: string; value: number | string } {
  const [way, what] = name.split(' ');
  const service = /^(\d+):(\d+)$/.exec(what);
  return service ? { feature: `${way}_port`, value: Number(service[2]) } : { feature: `${way}_address`, value: what };
}

/** The other end, and the service that is used or offered, as names. */
function acquaintance({ device, link: { channel } }: FlowPoint): [address: string, service: string] {
  const outward = channel.orig === device;
  const way = ways[outward ? 1 : 0];
  return [`${way} ${(outward ? channel.resp : channel.orig).address}`, `${way} ${channel.proto}:${channel.port}`];
}
