/** The detectors that give every packet a score, by name. One file and one line here each. */
import { lstmRnnJudge, publishedPacketJudge } from './judge/forecaster.ts';
import { guardianPacketJudge } from './judge/guardian-packet.ts';
import type { PacketJudge } from './judge/judge.ts';
import { kitnetJudge } from './judge/kitnet.ts';

export const packetJudges: readonly PacketJudge[] = [
  guardianPacketJudge,
  lstmRnnJudge,
  publishedPacketJudge,
  kitnetJudge,
];
