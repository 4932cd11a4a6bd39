import { beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../../src/detector/engine.ts';
import type { Explanation } from '../../../src/detector/finding.ts';
import { ENCODED_PACKET } from '../../../src/detector/network/encode-packet.ts';
import { forecasterPlan } from '../../../src/detector/network/network.ts';
import { PacketForecastScorer } from '../../../src/detector/network/packet-forecast-scorer.ts';
import { TrainedNetwork } from '../../../src/detector/network/trained-network.ts';
import { TrainingSample } from '../../../src/detector/network/training-sample.ts';
import { ownerOf } from '../../../src/detector/owner.ts';
import { type Frame, play } from '../../../src/evaluation/traffic.ts';
import { PACKET_FEATURES, packetContext, packetFeatures } from '../../../src/feature/guardian-packet.ts';
import { LinkTracker } from '../../../src/feature/link-tracker.ts';
import { simulate } from '../../../src/simulator/simulate.ts';
import { createBackgroundTrainer, createNetworkTrainer, type Training } from '../../../src/training/network-trainer.ts';

const home = { devices: ['camera', 'plug', 'hub'], hours: 2, seed: 4 };

function framesOf(run: ReturnType<typeof simulate>, label?: 'malicious'): Frame[] {
  const frames: Frame[] = [];
  for (const { ts, data, tag } of run) {
    if (label && tag.label !== label) continue;
    frames.push({ ts: ts / 1e6, bytes: Uint8Array.from(data), origlen: data.length, linktype: 1 });
  }
  return frames;
}

describe('training samples', () => {
  const sequence = (value: number) => Float32Array.of(value);

  it('give every device its share of a bounded sample', () => {
    const lessons = new TrainingSample(100);
    for (let i = 0; i < 1000; i++) lessons.add('loud', sequence(i));
    for (let i = 0; i < 30; i++) lessons.add('quiet', sequence(-1 - i));
    const all = lessons.all().map(([value]) => value);
    expect(all.length).toBe(100);
    expect(all.filter((value) => value < 0).length).toBe(30);
    // Of the loud one's thousand not just the first or the last.
    const loud = all.filter((value) => value >= 0);
    expect(Math.min(...loud)).toBeLessThan(200);
    expect(Math.max(...loud)).toBeGreaterThan(800);
    expect(lessons.seen).toBe(1030);
  });
});

describe('networks of an engine', () => {
  const trainings: Training[] = [];
  const trainer = createNetworkTrainer({ seed: 3, onTrained: (one) => trainings.push(one) });
  const frames = framesOf(simulate(home));
  let model: string;

  beforeAll(() => {
    const engine = new Engine({ trainer });
    play(frames, (packet) => engine.packet(packet));
    model = JSON.stringify(engine.save());
  }, 60_000);

  /** What the forecaster says of every packet of the traffic, from the saved past. */
  function readings(frames: readonly Frame[]): { nats: number; evidence: Explanation<'rhythm'>['evidence'] }[] {
    const scorer = new PacketForecastScorer(trainer);
    scorer.load(JSON.parse(model).networks.packets);
    const tracker = new LinkTracker();
    const vector = new Float32Array(PACKET_FEATURES);
    const out: ReturnType<typeof readings> = [];
    play(frames, (packet) => {
      const step = tracker.update(packet);
      if (step === null) return;
      packetFeatures(packet, step, vector);
      const { orig, resp } = step.link.channel;
      const context = packetContext(packet, step);
      const reading = scorer.observe(ownerOf(orig, resp), { vector, context }, packet.ts, false);
      if (reading) out.push({ nats: reading.nats, evidence: reading.explain(() => null).evidence });
    });
    return out;
  }

  it('are due when there is enough, and again when there is three times as much', () => {
    const trained = new TrainedNetwork(forecasterPlan);
    const due: number[] = [];
    for (let i = 1; i <= 600; i++) {
      if (!trained.offer('a', new Float32Array(1))) continue;
      due.push(i);
      trained.take();
    }
    expect(due).toEqual([64, 192, 576]);
  });

  it('learn', () => {
    expect(trainings.map(({ plan }) => plan.name)).toEqual(['lstm-rnn']);
    const [{ history }] = trainings;
    expect(history.loss.at(-1)).toBeLessThan(history.loss[0] / 2);
  });

  it('are the same when they are trained in another thread', async () => {
    const one = new Promise<Training>((resolve, reject) => {
      const background = createBackgroundTrainer({ seed: 3, onTrained: resolve, onError: reject });
      const engine = new Engine({ trainer: background });
      play(frames, (packet) => engine.packet(packet));
    });
    expect((await one).history.loss).toEqual(trainings[0].history.loss);
  });

  it('stay as they are where the trainer is sent home', async () => {
    const late: Training[] = [];
    const background = createBackgroundTrainer({
      onTrained: (one) => late.push(one),
      onError: () => expect.unreachable(),
    });
    const scorer = new PacketForecastScorer(background);
    for (let i = 0; i < 64; i++) scorer.trained.offer('a', new Float32Array(61 * ENCODED_PACKET));
    background.train(scorer);
    await background.close();
    expect([scorer.trained.network, late]).toEqual([null, []]);
  });

  it('find another day of the same home ordinary and a flood strange, and say how much faster it is', () => {
    const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
    const ordinary = readings(framesOf(simulate({ ...home, hours: 1, seed: 5 })));
    const attack = simulate({ ...home, hours: 1, attacks: [{ kind: 'flood', at: 1800 }] });
    const flood = readings(framesOf(attack, 'malicious'));
    expect(median(flood.map(({ nats }) => nats))).toBeGreaterThan(median(ordinary.map(({ nats }) => nats)) + 4);
    expect(Number(flood[flood.length >> 1].evidence.faster)).toBeGreaterThan(3);
  });

  it('survive a restart bit for bit', () => {
    const again = new Engine({ trainer });
    again.load(JSON.parse(model));
    expect(JSON.parse(JSON.stringify(again.save())).networks).toEqual(JSON.parse(model).networks);
    const damaged = JSON.parse(model);
    damaged.networks.packets.network.parameters = damaged.networks.packets.network.parameters.slice(8);
    expect(() => new Engine({ trainer }).load(damaged)).toThrow(RangeError);
  });
});
