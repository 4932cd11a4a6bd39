/** Seeded mutations of captures: what damages bytes in transit, and what an attacker would write into length fields. */

const interesting = [0, 1, 2, 7, 8, 16, 20, 40, 63, 64, 127, 128, 255, 256, 1024, 0x7fff, 0x8000, 0xffff, 0x7fffffff];
const wide = [...interesting, 0xffffffff, 0x80000000, 262_144, 262_145];

export interface Dice {
  /** Uniform in [0, below). */
  int(below: number): number;
}

/** sfc32-like generator of one word of state per stream; the same seed gives the same mutations. */
export function dice(seed: number): Dice {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x243f6a88 | 0;
  let counter = 1;
  const next = (): number => {
    const result = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    return result >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return { int: (below) => next() % below };
}

type Mutation = (input: Uint8Array, random: Dice, other: Uint8Array) => Uint8Array;

const flipBits: Mutation = (input, random) => {
  const output = input.slice();
  const count = 1 + random.int(Math.max(1, Math.floor(input.length / 50)));
  for (let i = 0; i < count; i++) output[random.int(output.length)] ^= 1 << random.int(8);
  return output;
};

const setBytes: Mutation = (input, random) => {
  const output = input.slice();
  for (let i = 0; i <= random.int(4); i++) output[random.int(output.length)] = interesting[random.int(13)];
  return output;
};

const setWord: Mutation = (input, random) => {
  const output = input.slice();
  const view = new DataView(output.buffer);
  const value = wide[random.int(wide.length)];
  const little = random.int(2) === 0;
  if (random.int(2) === 0 && output.length >= 2) view.setUint16(random.int(output.length - 1), value & 0xffff, little);
  else if (output.length >= 4) view.setUint32(random.int(output.length - 3), value, little);
  return output;
};

const cut: Mutation = (input, random) => input.slice(0, random.int(input.length + 1));

const removePiece: Mutation = (input, random) => {
  const from = random.int(input.length);
  const count = 1 + random.int(Math.min(64, input.length - from));
  return join(input.subarray(0, from), input.subarray(from + count));
};

const repeatPiece: Mutation = (input, random) => {
  const from = random.int(input.length);
  const piece = input.subarray(from, from + 1 + random.int(128));
  const at = random.int(input.length);
  return join(input.subarray(0, at), piece, input.subarray(at));
};

const splice: Mutation = (input, random, other) => {
  const from = random.int(other.length);
  const piece = other.subarray(from, from + 1 + random.int(256));
  const at = random.int(input.length);
  const end = random.int(2) === 0 ? at : at + piece.length;
  return join(input.subarray(0, at), piece, input.subarray(end));
};

const append: Mutation = (input, _random, other) => join(input, other.subarray(24));

const mutations = [flipBits, setBytes, setWord, setWord, cut, removePiece, repeatPiece, splice, append];
const MAXIMUM_LENGTH = 16_384;

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** One to four mutations of `input`, with material from `other`. */
export function mutate(input: Uint8Array, random: Dice, other: Uint8Array): Uint8Array {
  let output = input;
  for (let i = 0; i <= random.int(4); i++) {
    if (output.length === 0) return output;
    output = mutations[random.int(mutations.length)](output, random, other.length === 0 ? output : other);
  }
  return output.subarray(0, MAXIMUM_LENGTH);
}
