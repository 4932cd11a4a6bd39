/** What a detector does to be measured: it learns from benign traffic, then scores other traffic. */
import type { EnginePart } from '../../detector/engine-options.ts';
import type { Conn } from '../../flow/conn.ts';
import type { Frame } from '../traffic.ts';

export interface TrainingFlow {
  conn: Conn;
  /** False for context: it is seen, but not learned. */
  learn: boolean;
}

export interface JudgeOptions {
  without: ReadonlySet<EnginePart>;
  seed: number;
  /** Called after each file or fold. */
  onProgress?: (done: number, of: number) => void;
  /** What the reader of the result should know. */
  onNote?: (text: string) => void;
}

export interface Verdicts {
  /** One score per watched flow, higher is more unusual. */
  scores: Float64Array;
  /** Scores above it are called anomalies, where the detector has a threshold of its own. */
  threshold: number | null;
  /** Where it alarms by other means than a threshold: 1 for every watched flow that is part of an alarm. */
  alarmed?: Uint8Array;
  trainSeconds: number;
  scoreSeconds: number;
  modelBytes: number;
}

/** Learns from one part of a log and scores another. Records come without labels. */
export interface FlowJudge {
  readonly name: string;
  judge(training: readonly TrainingFlow[], watched: readonly Conn[], options: JudgeOptions): Promise<Verdicts>;
}

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
