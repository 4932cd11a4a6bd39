/** The whole product: what its engine says of each flow. */
import { performance } from 'node:perf_hooks';
import { Engine } from '../../detector/engine.ts';
import { createTeacher } from '../../training/teacher.ts';
import type { FlowJudge } from '../flow-judge.ts';

export const guardianJudge: FlowJudge = {
  name: 'guardian',
  async judge(training, watched, { without }) {
    const started = performance.now();
    const learner = new Engine({ without, teacher: createTeacher() });
    for (const { conn, learn } of training) learner.conn(conn, learn);
    const model = JSON.stringify(learner.save());
    // A restart in between: the watched part is judged by the saved past, with no leftover of the training stream.
    const engine = new Engine({ without, teacher: createTeacher() });
    engine.load(JSON.parse(model));
    engine.learning = false;
    const learned = performance.now();
    const scores = Float64Array.from(watched, (conn) => engine.conn(conn) ?? 0);
    return {
      scores,
      threshold: null,
      trainSeconds: (learned - started) / 1000,
      scoreSeconds: (performance.now() - learned) / 1000,
      modelBytes: model.length,
    };
  },
};
