/** docs/zeek-parity.md, from what the baseline tests measure. */
import { ownServices, zeekServices } from '../src/flow/service/service.ts';
import { type Agreement, btest, iot23, knownDifferences, ndpi } from '../test/baseline/known-differences.ts';

const percent = (equal: number, rows: number): string => `${((100 * equal) / rows).toFixed(1)} %`;
const number = (value: number): string => value.toLocaleString('en-US');

const agreement = (title: string, { files, rows, equal }: Agreement): string =>
  `| ${title} | ${files} | ${number(rows)} | ${number(equal)} | ${percent(equal, rows)} |`;

const ndpiEqual = ndpi.files - Object.keys(ndpi.differences).length;

const listOf = (names: readonly string[]): string =>
  [...names]
    .sort()
    .map((name) => `\`${name}\``)
    .join(' ');

export const renderZeekParity = (): string =>
  [
    '# Agreement with Zeek',
    '',
    'A connection record is what Zeek’s `conn.log` says it is: the same names, units and meaning. How far ours agree is measured',
    'against Zeek’s own logs (`test/baseline`), and every difference is below with its reason. The tests need the captures, which',
    'their licences do not let us ship; they hold these figures against what they measure. This page is generated.',
    '',
    'A row counts as equal when all of these are: addresses, ports, `proto`, `duration`, `orig_bytes`, `resp_bytes`, `conn_state`,',
    '`missed_bytes`, `history`, packets and IP bytes of both sides, `local_orig`, `local_resp`, `ip_proto`, and `tunnel_parents`',
    '(as the connections that they name, since ids differ from run to run); and `service` wherever Zeek names only protocols that',
    'Guardian recognises by content:',
    '',
    listOf(zeekServices),
    '',
    'Zeek’s default scripts have no name for these; they stand in `own_service` (JSON, CSV and Parquet), and never in `service`:',
    '',
    listOf(ownServices),
    '',
    '## Zeek’s own tests',
    '',
    '| tests of `testing/btest` | tests | rows of Zeek | equal | |',
    '|---|---:|---:|---:|---:|',
    agreement('whose script changes nothing of what Zeek does', btest.plain),
    agreement('whose baseline has every column', btest.full),
    agreement('whose baseline has fewer columns (those are compared)', btest.cut),
    '',
    '`-C` in a test’s command is our `--ignore-checksums`; with `-b` Zeek recognises only what the test’s script loads.',
    '',
    '### Every row that differs',
    '',
    '| baseline | rows of Zeek | rows of ours | what differs | why |',
    '|---|---:|---:|---|---|',
    ...knownDifferences.map(
      ({ baseline, zeekRows, ourRows, difference, reason }) =>
        `| \`${baseline.replace('.conn.log', '')}\` | ${zeekRows} | ${ourRows} | ${difference}. | ${reason} |`,
    ),
    '',
    '## Captures of IoT-23',
    '',
    'The same columns without `local_orig`, `local_resp`, `ip_proto` and `tunnel_parents`, and the time of the first packet.',
    '',
    '| capture | rows of Zeek | equal | |',
    '|---|---:|---:|---:|',
    ...iot23.map(
      ({ title, rows, equal }) => `| ${title} | ${number(rows)} | ${number(equal)} | ${percent(equal, rows)} |`,
    ),
    '',
    'The Zeek of these logs had no connections of protocols that it does not follow (IGMP); today’s has, as `unknown_transport`, and',
    'so have we: such rows of ours have no counterpart and are left out. That of 8-1 had no NTP analyzer either: where its log says',
    '`-`, our `service` says `ntp`.',
    '',
    '## nDPI',
    '',
    `Merged by addresses, ports and protocol, flows, packets and frame bytes are those of nDPI’s results in ${ndpiEqual} of ${ndpi.files} files`,
    `(${percent(ndpiEqual, ndpi.files)}). The others:`,
    '',
    ...Object.entries(ndpi.differences).map(([file, reason]) => `- \`${file}\`: ${reason}.`),
    '',
  ].join('\n');
