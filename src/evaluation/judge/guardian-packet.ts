/** The whole product: what its engine says of each packet. */
import { Engine } from '../../detector/engine.ts';
import { createNetworkTrainer } from '../../training/network-trainer.ts';
import { play } from '../traffic.ts';
import type { PacketJudge } from './judge.ts';

export const guardianPacketJudge: PacketJudge = {
  name: 'guardian',
  async train(captures, { without }) {
    const learner = new Engine({ without, trainer: createNetworkTrainer() });
    for (const frames of captures) {
      learner.begin();
      play(frames, (packet) => learner.packet(packet));
    }
    const model = JSON.stringify(learner.save());
    return {
      modelBytes: model.length,
      score(frames) {
        const engine = new Engine({ without, trainer: createNetworkTrainer() });
        engine.load(JSON.parse(model));
        engine.learning = false;
        const scores = new Float64Array(frames.length);
        play(frames, (packet, index) => {
          scores[index] = engine.packet(packet) ?? 0;
        });
        return scores;
      },
    };
  },
};
