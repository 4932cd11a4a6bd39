/**
 * Who made the network interface: the IEEE registry of address blocks, from the package oui-data. Its 5.6 MB of text stay
 * on the disk: the first look-up makes an index of 0.7 MB of them (as objects they would take 30 MB, for good), and each
 * look-up reads one line.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Vendor {
  /** As registered: "TP-LINK TECHNOLOGIES CO.,LTD.". */
  registered: string;
  /** Common name of the vendor: "TP-Link". */
  name: string;
}

/** Blocks of 36, 28 and 24 bits, as hexadecimal digits; the longest that matches is the owner. */
const BLOCK_DIGITS = [9, 7, 6] as const;
/** Prefix and line in one number, which sorts by the prefix: 36 + 16 bits. */
const LINES = 0x10000;

interface Registry {
  file: string;
  /** For each of BLOCK_DIGITS: `prefix * LINES + line`, ascending. */
  blocks: readonly Float64Array[];
  /** Byte offset of each line. */
  lines: Uint32Array;
}

let registry: Registry | null = null;

/** The vendor of a colon-separated address; null where it is randomised, a group's, or nobody's. */
export function lookupVendor(mac: string): Vendor | null {
  if (isLocallyAdministered(mac)) return null;
  registry ??= indexRegistry(fileURLToPath(import.meta.resolve('oui-data')));
  const digits = mac.replaceAll(':', '');
  for (const [i, length] of BLOCK_DIGITS.entries()) {
    const line = find(registry.blocks[i], Number.parseInt(digits.slice(0, length), 16));
    if (line < 0) continue;
    const registered = readName(registry.file, registry.lines[line]);
    return { registered, name: commonName(registered) };
  }
  return null;
}

/** The second lowest bit of the first byte: made up by software (phones do so for privacy), not given by a maker. */
export function isLocallyAdministered(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0;
}

/** The line of a prefix, or -1. */
function find(block: Float64Array, prefix: number): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (block[middle] < prefix * LINES) low = middle + 1;
    else high = middle;
  }
  const line = block[low] - prefix * LINES;
  return line >= 0 && line < LINES ? line : -1;
}

const NEWLINE = 0x0a;
const QUOTE = 0x22;

/** One entry a line, ` "<digits>": "<name>\\n<address lines>"`, in no order that could be relied on. */
function indexRegistry(file: string): Registry {
  const bytes = readFileSync(file);
  const found: number[][] = BLOCK_DIGITS.map(() => []);
  const lines: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const open = bytes.indexOf(QUOTE, at);
    if (open < 0) break;
    const close = bytes.indexOf(QUOTE, open + 1);
    const block = BLOCK_DIGITS.indexOf((close - open - 1) as 6);
    if (block >= 0) found[block].push(hexNumber(bytes, open + 1, close) * LINES + lines.length);
    lines.push(open);
    const end = bytes.indexOf(NEWLINE, close);
    at = end < 0 ? bytes.length : end + 1;
  }
  return { file, blocks: found.map((list) => Float64Array.from(list).sort()), lines: Uint32Array.from(lines) };
}

function hexNumber(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 16 + (bytes[i] < 0x3a ? bytes[i] - 0x30 : (bytes[i] & 0x5f) - 0x37);
  return value;
}

/** The first line of the entry at `offset`. */
function readName(file: string, offset: number): string {
  const bytes = Buffer.alloc(512);
  const descriptor = openSync(file, 'r');
  try {
    const text = bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, offset));
    const name = /^"\w+": "((?:[^"\\]|\\[^n])*)/.exec(text)?.[1] ?? '';
    return JSON.parse(`"${name}"`) as string;
  } finally {
    closeSync(descriptor);
  }
}

/** Legal forms and fillers at the end of a company's name. */
const TAIL =
  /(?<![\s,.，])[\s,.，]+(?:inc|llc|l\.l\.c|ltd|limited|gmbh|ag|bv|b\.v|nv|ab|oy|sa|s\.a|spa|s\.p\.a|srl|plc|pty|kg|co|corp|corporation|company|pvt|technolog(?:y|ies)|tech|international|trading|group|holdings?)\.?$/i;

function commonName(registered: string): string {
  let name = registered.replaceAll(/[(（].*$/g, '').trim();
  for (;;) {
    const shorter = name.replace(/(?<![\s,.，])[\s,.，]+$/, '').replace(TAIL, '');
    if (shorter === name || shorter.length < 2) break;
    name = shorter;
  }
  return name.replaceAll(/\b[A-Z]{4,}\b|\b(?<=-)LINK\b/g, (word) => word[0] + word.slice(1).toLowerCase());
}
