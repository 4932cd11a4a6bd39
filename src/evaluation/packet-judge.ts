/** The detectors that give every packet a score, by name. */
import type { JudgeOptions } from './flow-judge.ts';
import { lstmRnnJudge, publishedPacketJudge } from './judge/forecaster.ts';
import { guardianPacketJudge } from './judge/guardian-packet.ts';
import { kitnetJudge } from './judge/kitnet.ts';
import type { Frame } from './traffic.ts';

/** What was learned from benign captures; each capture that is scored starts from it anew. */
export interface TrainedPacketJudge {
  /** One score per frame, higher is more unusual; 0 for frames that are nobody's connection. */
  score(frames: readonly Frame[]): Float64Array;
  modelBytes: number;
}

export interface PacketJudge {
  readonly name: string;
  train(captures: readonly (readonly Frame[])[], options: JudgeOptions): Promise<TrainedPacketJudge>;
}

export const packetJudges: readonly PacketJudge[] = [
  guardianPacketJudge,
  lstmRnnJudge,
  publishedPacketJudge,
  kitnetJudge,
];
