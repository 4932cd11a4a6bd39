/** How unlike its forecast a device's traffic is: the forecaster over its packets, one step each. */

import { guardianPacketFeatures, PACKET_FEATURES } from '../../feature/guardian-packet.ts';
import type { Host } from '../../feature/host.ts';
import { amount } from '../deviation.ts';
import { getOrCreate } from '../keyed.ts';
import { DEVICE_PAUSE, ENCODED_PACKET, encodePacket } from './encode-packet.ts';
import { forecasterPlan, type Network, strangeness } from './network.ts';
import type { NetworkTrainer } from './network-trainer.ts';
import { ForecasterRun } from './packet-forecaster.ts';
import { leading, type Reading } from './reading.ts';
import { standardize } from './standardize.ts';
import { type SavedTrainedNetwork, TrainedNetwork } from './trained-network.ts';

/** Devices whose packets are followed at once. */
const STREAMS = 256;
const LENGTH = forecasterPlan.timesteps + forecasterPlan.ahead;
/** Memory of a device: about its last twenty packets. */
const MEMORY = 0.05;

/** packetFeatures and packetContext of a packet. */
interface EncodedPacket {
  readonly vector: Float32Array;
  readonly context: number;
}

interface Device {
  /** Packets since the last training sequence [LENGTH, F]. */
  sequence: Float32Array;
  filled: number;
  /** Time of the last packet. */
  last: number;
  /** Means over the memory: score, time, forecast minus actual pause (ln ms / 2). */
  score: number;
  time: number;
  pace: number;
}

export class PacketForecastScorer {
  readonly trained = new TrainedNetwork(forecasterPlan);
  private readonly trainer: NetworkTrainer;
  private run: ForecasterRun | null = null;
  private readonly devices = new Map<string, Device>();
  private readonly row = new Float32Array(ENCODED_PACKET);
  private readonly errors = new Float64Array(ENCODED_PACKET);

  constructor(trainer: NetworkTrainer) {
    this.trainer = trainer;
  }

  begin(): void {
    this.devices.clear();
    if (this.trained.network) this.adopt(this.trained.network);
  }

  /** A packet of the device as it was just encoded. Null where nothing was forecast of it. */
  observe(
    { address }: Host,
    { vector, context }: EncodedPacket,
    ts: number,
    learning: boolean,
  ): Reading<'rhythm'> | null {
    if (this.devices.size >= STREAMS && !this.devices.has(address)) {
      const [[oldest]] = this.devices;
      this.devices.delete(oldest);
    }
    const device = getOrCreate(this.devices, address, () => ({
      sequence: new Float32Array(LENGTH * ENCODED_PACKET),
      ...{ filled: 0, last: ts, score: 0, time: ts, pace: 0 },
    }));
    const { row } = this;
    encodePacket(vector, context, ts - device.last, row);
    device.last = ts;
    device.sequence.set(row, device.filled * ENCODED_PACKET);
    device.filled++;
    if (device.filled === LENGTH) {
      device.filled = 0;
      if (learning && this.trained.offer(address, device.sequence.slice())) this.trainer.train(this);
    }
    const { network } = this.trained;
    return network && this.read(address, device, network, ts, learning);
  }

  adopt(network: Network): void {
    this.trained.network = network;
    this.run = new ForecasterRun(network.model, this.trainer.numerics, ENCODED_PACKET, STREAMS);
  }

  load(state: SavedTrainedNetwork): void {
    this.trained.load(state);
    if (this.trained.network) this.adopt(this.trained.network);
  }

  private read(
    address: string,
    device: Device,
    network: Network,
    ts: number,
    learning: boolean,
  ): Reading<'rhythm'> | null {
    const { row, errors } = this;
    const { scaler, noise } = network;
    standardize(scaler, row);
    const forecast = this.run!.step(address, row);
    if (forecast === null) return null;
    device.score += MEMORY * (strangeness(row, 0, forecast, 0, noise) - device.score);
    device.time += MEMORY * (ts - device.time);
    device.pace += MEMORY * ((forecast[DEVICE_PAUSE] - row[DEVICE_PAUSE]) * scaler.scale[DEVICE_PAUSE] - device.pace);
    for (let f = 0; f < ENCODED_PACKET; f++) errors[f] = (row[f] - forecast[f]) ** 2;
    const { calibrations } = this.trained;
    const nats = learning ? calibrations.learn(address, device.score) : calibrations.nats(address, device.score);
    return {
      nats,
      explain: (usual) => ({
        deviations: leading(errors, noise)
          .filter((f) => f < PACKET_FEATURES)
          .map((f) =>
            amount(guardianPacketFeatures.features[f], row[f] * scaler.scale[f] + scaler.offset[f], usual(f)),
          ),
        // The pace has a number of its own.
        evidence: { faster: Math.exp(2 * device.pace), seconds: 2 * (ts - device.time) },
      }),
    };
  }
}
