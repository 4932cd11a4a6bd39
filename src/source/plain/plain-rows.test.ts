/**
 * Plain rows and the long way give the same records and the same account. A letter outside of ASCII in a column that means
 * nothing sends a whole file the long way, so the same file without it shows what the short way makes of it.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read } from '../../../test/source/read-text.ts';

const cells = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('1', '0', '443', '192.168.1.7', 'tcp', 'ssl', 'T', '-', '1700000000.25', 'SF'),
  },
  fc.constantFrom(
    '',
    ' 7',
    '7 ',
    '07',
    '1.',
    '.5',
    '1e3',
    '-1',
    '+1',
    '65536',
    '9007199254740993',
    '0.1234567890123456789',
  ),
  fc.constantFrom(
    "'=x",
    '(empty)',
    'fe80::1',
    '1.2.3',
    'a b',
    'NaN',
    'inf',
    'F',
    'true',
    '1700000000123',
    '\\x41',
    'a\tb',
  ),
  fc.string({ unit: fc.constantFrom('a', '7', '.', ' ', '"', ',', '\r', '-', '\\', '{', ':'), maxLength: 5 }),
);
const columns = [
  'ts',
  'uid',
  'id.orig_h',
  'id.orig_p',
  'id.resp_h',
  'proto',
  'service',
  'duration',
  'orig_bytes',
  'orig_pkts',
  'local_orig',
  'tunnel_parents',
  'vlan',
] as const;
const good = ['1700000000.5', 'C1', '10.0.0.1', '99', '10.0.0.2', 'udp', 'dns', '0.25', '12', '3', 'T', '(empty)', '-'];
/** A good row with some cells that may be anything. */
const row = fc.array(fc.tuple(fc.nat(columns.length - 1), cells), { maxLength: 3 }).map((changes) => {
  const all = [...good];
  for (const [at, cell] of changes) all[at] = cell;
  return all;
});
const rows = fc.array(row, { minLength: 1, maxLength: 12 });

async function bothWays(text: (note: string) => string, options = {}): Promise<void> {
  const short = await read(text('e'), options);
  const long = await read(text('é'), options);
  const told = ({ conns, stats }: Awaited<ReturnType<typeof read>>) => ({ conns, stats: { ...stats, bytes: 0 } });
  expect(told(short)).toEqual(told(long));
}

const needed = { required: ['id_orig_h', 'id_resp_h'] } as const;

describe('rows that are written plainly', () => {
  test('of CSV are what the long way reads', async () => {
    const quoted = fc.constantFrom(
      (cell: string) => cell,
      (cell: string) => `"${cell.replaceAll('"', '""')}"`,
    );
    await fc.assert(
      fc.asyncProperty(rows, quoted, fc.constantFrom('\n', '\r\n'), async (all, quote, eol) => {
        const body = all.map((one) => one.map(quote).join(','));
        await bothWays(
          (note) => `${[`note,${columns}`, `${note},${good}`, ...body.map((line) => `n,${line}`)].join(eol)}${eol}`,
          needed,
        );
      }),
      { numRuns: 150 },
    );
  });

  test("of Zeek's logs are what the long way reads, with labels joined by blanks too", async () => {
    const last = fc.constantFrom(
      '(empty)   Malicious   C&C',
      '-   benign   -',
      '-  benign   -',
      '(empty)   a    b',
      '-   -   x y',
    );
    await fc.assert(
      fc.asyncProperty(rows, last, fc.boolean(), async (all, joined, isJoined) => {
        const names = [
          ...columns.filter((name) => name !== 'tunnel_parents'),
          isJoined ? 'tunnel_parents   label   detailed-label' : 'label',
        ];
        const line = (one: string[]): string =>
          [...one.filter((_, i) => columns[i] !== 'tunnel_parents'), isJoined ? joined : 'x'].join('\t');
        const head = `#separator \\x09\n#unset_field\t-\n#fields\tnote\t${names.join('\t')}\n`;
        await bothWays(
          (note) => `${head}${note}\t${line(good)}\n${all.map((one) => `n\t${line(one)}\n`).join('')}`,
          needed,
        );
      }),
      { numRuns: 150 },
    );
  });

  test('of JSON are what the long way reads', async () => {
    const value = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom('1', '0', '"tcp"', 'true', 'false', '"10.0.0.9"', '"SF"', '1700000000.5'),
      },
      fc.constantFrom(
        'null',
        '-1',
        '01',
        '1.',
        '1e3',
        '"a\\"b"',
        '[]',
        '["C1"]',
        '{}',
        '""',
        '" x"',
        '"-"',
        '70000',
        '0.5',
        '12 ',
      ),
    );
    const name = fc.constantFrom(...columns, '_path', 'message', 'extra', 'conn', 'query', '__proto__');
    const written = (cell: string, column: string): string =>
      cell === 'T' ? 'true' : /^[\d.]+$/.test(cell) && !column.endsWith('_h') ? cell : `"${cell}"`;
    const members = columns
      .map((column, i): [string, string] => [column, written(good[i], column)])
      .filter(([, text]) => text !== '"-"' && text !== '"(empty)"');
    const object = fc.array(fc.tuple(name, value), { maxLength: 3 }).map((more) => [...members, ...more]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('', ' '),
        async (objects, blank) => {
          const line = (all: [string, string][]): string =>
            `{${all.map(([key, text]) => `"${key}":${blank}${text}`).join(`,${blank}`)}}`;
          await bothWays(
            (note) => `${[`{"note":"${note}",${line(members).slice(1)}`, ...objects.map(line)].join('\n')}\n`,
            needed,
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  test('hold every number as it is written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 999_999_999 }), fc.integer({ min: 1, max: 9 })), {
          minLength: 1,
          maxLength: 30,
        }),
        async (numbers) => {
          const texts = numbers.map(
            ([whole, part, digits]) => `${whole}.${String(part).padStart(9, '0').slice(0, digits)}`,
          );
          const { conns } = await read(
            `id.orig_h,id.resp_h,duration\n${texts.map((text) => `10.0.0.1,10.0.0.2,${text}\n`).join('')}`,
            needed,
          );
          expect(conns.map(({ duration }) => duration)).toEqual(texts.map(Number));
        },
      ),
    );
  });
});
