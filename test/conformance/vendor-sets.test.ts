/** Forty and more vendors' sets of NetFlow and IPFIX, each written from its documented template and compared whole. */
import { expect, test } from 'vitest';
import { bytesOf, set, u16, u32 } from './netflow-builder.ts';
import { collect } from './netflow-collect.ts';
import {
  commonFlow,
  EXPORTED,
  UPTIME,
  type Value,
  type VendorField,
  type VendorSet,
  vendorSets,
} from './vendor-sets.ts';

function encode(value: Value, length: number): number[] {
  if (typeof value === 'object') return [...Buffer.from(value.hex, 'hex')];
  if (typeof value === 'string') {
    if (/^\d+\.\d+\.\d+\.\d+$/.test(value)) return value.split('.').map(Number);
    const text = [...Buffer.from(value)];
    return length === 0 ? [text.length, ...text] : [...text, ...new Array<number>(length - text.length).fill(0)];
  }
  return Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) % 256);
}

const specifier = ([element, length, , enterprise]: VendorField): number[] =>
  enterprise === undefined
    ? [...u16(element), ...u16(length || 65_535)]
    : [...u16(element | 0x8000), ...u16(length || 65_535), ...u32(enterprise)];
const record = (fields: readonly VendorField[]): number[] =>
  fields.flatMap(([, length, value]) => encode(value, length));

/** Template and record in one message; options come first, as exporters send them when they start. */
function message({ version, fields, options }: VendorSet): Buffer {
  const isIpfix = version === 10;
  const template = [...u16(260), ...u16(fields.length), ...fields.flatMap(specifier)];
  const sets = [set(isIpfix ? 2 : 0, template)];
  if (options) {
    const head = isIpfix ? [...u16(options.length), ...u16(1)] : [...u16(4), ...u16(4 * (options.length - 1))];
    sets.push(set(isIpfix ? 3 : 1, [...u16(300), ...head, ...options.flatMap(specifier)]), set(300, record(options)));
  }
  sets.push(set(260, record(fields)));
  const body = sets.flat();
  return isIpfix
    ? bytesOf([...u16(10), ...u16(16 + body.length), ...u32(EXPORTED), ...u32(1), ...u32(0)], body)
    : bytesOf([...u16(9), ...u16(sets.length), ...u32(UPTIME), ...u32(EXPORTED), ...u32(1), ...u32(0)], body);
}

test('there are forty of them', () => expect(vendorSets.length).toBeGreaterThanOrEqual(40));

test.each(vendorSets.map((one) => [`${one.vendor}, v${one.version}`, one] as const))('%s', (_name, one) => {
  const { conns, stats } = collect([message(one)]);
  expect({ ...stats.rejected }).toEqual({});
  expect(conns).toHaveLength(1);
  expect(conns[0]).toMatchObject({ ...commonFlow, ...one.expected });
  // Of packets that were not counted nobody knows how fast they came.
  expect(conns[0].coarse_ts).toBe(stats.weirds['netflow.sampled'] > 0 ? true : undefined);
});
