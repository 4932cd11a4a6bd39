/** The detectors that give every flow a score, by name. One file and one line here each. */
import { guardianJudge } from './judge/guardian.ts';
import { isolationForestJudge } from './judge/isolation-forest.ts';
import type { FlowJudge } from './judge/judge.ts';
import { lstmAutoencoderJudge } from './judge/lstm-autoencoder.ts';
import { publishedFlowJudge } from './judge/published-flow.ts';

export const flowJudges: readonly FlowJudge[] = [
  guardianJudge,
  lstmAutoencoderJudge,
  publishedFlowJudge,
  isolationForestJudge,
];
