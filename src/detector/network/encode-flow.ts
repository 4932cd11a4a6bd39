/** A connection as the networks see it: the numbers of `guardian-flow`, and its categories one-hot. */
import { FLOW_FEATURES, type FlowPoint } from '../../feature/guardian-flow.ts';

const DIRECTIONS = ['local', 'external'].flatMap((from) =>
  ['local', 'external', 'many'].map((to) => `${from} to ${to}`),
);
const PROTOS = ['tcp', 'udp', 'icmp'];
const STATES = ['S0', 'S1', 'SF', 'REJ', 'S2', 'S3', 'RSTO', 'RSTR', 'RSTOS0', 'RSTRH', 'SH', 'SHR', 'OTH'];

export const ENCODED_FLOW = FLOW_FEATURES + DIRECTIONS.length + PROTOS.length + STATES.length;

/** Fills out[offset, ENCODED_FLOW). Unknown categories stay all zero. */
export function encodeFlow({ vector, categories }: FlowPoint, out: Float32Array, offset: number): void {
  out.set(vector, offset);
  out.fill(0, offset + FLOW_FEATURES, offset + ENCODED_FLOW);
  const [direction, proto, , state] = categories;
  let at = offset + FLOW_FEATURES;
  for (const [choices, value] of [
    [DIRECTIONS, direction],
    [PROTOS, proto],
    [STATES, state],
  ] as const) {
    const index = choices.indexOf(value);
    if (index >= 0) out[at + index] = 1;
    at += choices.length;
  }
}
