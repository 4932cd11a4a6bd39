/**
 * How unusual each packet is: its distance from what this device, or where the device has no past this house, sent
 * while learning, and how unusual its channel has been of late (one odd packet is an accident, twenty are not).
 */
import {
  guardianPacketFeatures,
  PACKET_FEATURES,
  packetContext,
  packetFeatures,
} from '../../feature/guardian-packet.ts';
import type { Channel } from '../../feature/link.ts';
import type { Step } from '../../feature/link-tracker.ts';
import type { Packet } from '../../packet/packet.ts';
import { amount, type Deviation } from '../deviation.ts';
import { ownerOf } from '../owner.ts';
import { ProfileScorer } from './profile-scorer.ts';

const { features } = guardianPacketFeatures;
/** Memory of a channel: about the last ten packets. */
const MEMORY = 0.1;

export class PacketScorer extends ProfileScorer {
  private readonly recent = new WeakMap<Channel, number>();
  /** The features of the last packet; the networks look at them too. */
  readonly vector = new Float32Array(PACKET_FEATURES);
  private readonly categories = [0];
  /** Mean surprise of the channel before and with the last packet, in nats. */
  channelSurprise = 0;

  constructor() {
    super({ size: PACKET_FEATURES, categories: ['context'], rare: 0 });
  }

  /** packetContext of the last packet. */
  get context(): number {
    return this.categories[0];
  }

  /** Nats above ordinary of this packet; 0 while nothing was learned. The packet is learned when `learning`. */
  score(packet: Packet, step: Step, learning: boolean): number {
    const { channel } = step.link;
    packetFeatures(packet, step, this.vector);
    this.categories[0] = packetContext(packet, step);
    const device = ownerOf(channel.orig, channel.resp);
    const surprise = learning
      ? this.profiles.learn(device.address, this.vector, this.categories)
      : this.profiles.surprise(device.address, this.vector, this.categories);
    const before = this.recent.get(channel) ?? 0;
    this.channelSurprise = before + MEMORY * (surprise - before);
    this.recent.set(channel, this.channelSurprise);
    return surprise + before;
  }

  /** What stood out in the last packet, most unusual first. */
  explain(device: string): Deviation[] {
    const { vector, categories } = this;
    // The kind of packet only keeps points apart.
    return this.profiles
      .explain(device, vector, categories)
      .flatMap((odd) => ('index' in odd ? [amount(features[odd.index], vector[odd.index], odd.usual)] : []));
  }
}
