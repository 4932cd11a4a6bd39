/** What an element means may depend on others, on the header, and on what was said elsewhere in the message. */
import { describe, expect, test } from 'vitest';
import { EXPORTED, type Field, ipfix, netflowV5, set, template, u16, u32, u64, v9Header } from './netflow-builder.ts';
import { collect } from './netflow-collect.ts';

const A = [10, 0, 0, 1];
const B = [10, 0, 0, 2];
const base: Field[] = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [2, 4],
  [1, 4],
];
/** The fields of `base`, then what the test adds. */
const flow = (more: number[] = [], proto = 6, ports = [60_560, 22]): number[] => [
  ...[...A, ...B, ...u16(ports[0]), ...u16(ports[1]), proto, ...u32(5), ...u32(500)],
  ...more,
];
const message = (fields: Field[], ...records: number[][]): Buffer =>
  ipfix(set(2, template(256, [...base, ...fields])), set(256, records.flat()));

describe('ICMP', () => {
  const icmp: Field[] = [
    [32, 2],
    [139, 2],
  ];

  test('fields of a template for all protocols leave the ports of TCP and UDP alone', () => {
    const { conns } = collect([message(icmp, flow([0, 0, 0, 0]), flow([0, 0, 0, 0], 17, [35_262, 53]))]);
    expect(conns.map((conn) => [conn.proto, conn.id_orig_p, conn.id_resp_p])).toEqual([
      ['tcp', 60_560, 22],
      ['udp', 35_262, 53],
    ]);
  });

  test.each([
    ['in its own element', icmp, [8, 0, 0, 0], 1, [0, 0], [8, 0]],
    ['of IPv6 in its own element', icmp, [0, 0, 128, 0], 58, [0, 0], [128, 0]],
    ['in the destination port beside an empty element', icmp, [0, 0, 0, 0], 1, [0, 0x0303], [3, 3]],
    ['an echo reply, which is zero', icmp, [0, 0, 0, 0], 1, [0, 0], [0, 0]],
    [
      'in two elements',
      [
        [176, 1],
        [177, 1],
      ] as Field[],
      [11, 1],
      1,
      [0, 0],
      [11, 1],
    ],
    ['in both ports', [], [], 1, [3, 1], [3, 1]],
    ['behind an identifier in the source port', [], [], 1, [40_000, 0x0800], [8, 0]],
  ])('type and code %s', (_what, fields, values, proto, ports, expected) => {
    const { conns } = collect([message(fields as Field[], flow(values as number[], proto, ports))]);
    expect([conns[0].id_orig_p, conns[0].id_resp_p]).toEqual(expected);
  });
});

describe('time', () => {
  const uptimes: Field[] = [
    [22, 4],
    [21, 4],
  ];
  const times = (first: number, last: number): number[] => [...u32(first), ...u32(last)];
  const seen = (messages: Uint8Array[]) => collect(messages).conns.map(({ ts, duration }) => [ts, duration]);

  test('by an uptime whose zero was never told is that of the export, in order', () => {
    // Flows end before they are exported: the newest end is the time of the export, the others lie before it.
    const uptime = 2_666_794_000;
    const records = [flow(times(uptime - 9000, uptime - 8000)), flow(times(uptime - 2500, uptime), 17)];
    expect(seen([message(uptimes, ...records)])).toEqual([
      [EXPORTED - 9, 1],
      [EXPORTED - 2.5, 2.5],
    ]);
  });

  test('by such an uptime goes on over messages, and over a restart of the exporter', () => {
    const first = message(uptimes, flow(times(100_000, 100_000)));
    const later = message(uptimes, flow(times(90_000, 95_000), 17));
    later.writeUInt32BE(EXPORTED + 30, 4);
    const restarted = message(uptimes, flow(times(2000, 3000), 1));
    restarted.writeUInt32BE(EXPORTED + 7200, 4);
    expect(seen([first, later, restarted]).map(([ts]) => ts)).toEqual([EXPORTED, EXPORTED - 10, EXPORTED + 7199]);
  });

  test.each([
    ['a packet before the boot', 0xffff_ffff, 0x0a11, 0x0d35, 2.578],
    ['a wrap within a flow', 0xffff_ff00, 0x0100, 0x0200, 0.512],
    ['a wrap between the flow and its export', 0xffff_f000, 0xffff_f400, 0x0400, 1.024],
  ])('of NetFlow v5 survives %s', (_what, first, last, uptime, duration) => {
    const bytes = netflowV5().subarray(0, 24 + 48);
    bytes.writeUInt16BE(1, 2);
    bytes.writeUInt32BE(uptime, 4);
    bytes.writeUInt32BE(first, 24 + 24);
    bytes.writeUInt32BE(last, 24 + 28);
    const { conns } = collect([bytes]);
    const age = ((uptime - first) >>> 0) / 1000;
    expect(conns[0].ts).toBeCloseTo(EXPORTED - age, 6);
    expect(conns[0].duration).toBe(duration);
  });

  const NTP = 2_208_988_800;
  test.each([
    ['seconds', 150, 4, u32(EXPORTED - 3), u32(EXPORTED - 1), EXPORTED - 3, 2],
    ['milliseconds', 152, 8, u64(EXPORTED * 1e3 - 3500), u64(EXPORTED * 1e3), EXPORTED - 3.5, 3.5],
    [
      'NTP',
      154,
      8,
      [...u32(EXPORTED - 3 + NTP), ...u32(2 ** 31)],
      [...u32(EXPORTED + NTP), 0, 0, 0, 0],
      EXPORTED - 2.5,
      2.5,
    ],
    [
      'microseconds under an element of NTP',
      154,
      8,
      u64(EXPORTED * 1e6 - 5e5),
      u64(EXPORTED * 1e6),
      EXPORTED - 0.5,
      0.5,
    ],
    [
      'nanoseconds',
      156,
      8,
      [...u32(EXPORTED - 1 + NTP), ...u32(2 ** 30)],
      [...u32(EXPORTED + NTP), 0, 0, 0, 0],
      EXPORTED - 0.75,
      0.75,
    ],
    ['microseconds before the export', 158, 4, u32(2_500_000), u32(500_000), EXPORTED - 2.5, 2],
  ] as [string, number, number, number[], number[], number, number][])(
    'in %s',
    (_what, element, length, start, end, ts, duration) => {
      const fields: Field[] = [
        [element, length],
        [element + 1, length],
      ];
      expect(seen([message(fields, flow([...start, ...end]))])).toEqual([[ts, duration]]);
    },
  );

  test('of a boot in the record itself, and of an event', () => {
    const boot: Field[] = [[160, 8], ...uptimes];
    expect(seen([message(boot, flow([...u64((EXPORTED - 60) * 1e3), ...times(10_000, 12_000)]))])).toEqual([
      [EXPORTED - 50, 2],
    ]);
    expect(seen([message([[323, 8]], flow(u64(EXPORTED * 1e3 - 250)))])).toEqual([[EXPORTED - 0.25, null]]);
  });

  test('that was never told is that of the export, and is known to be coarse', () => {
    const { conns, stats } = collect([message([], flow())]);
    expect(conns).toMatchObject([{ ts: EXPORTED, duration: null, coarse_ts: true }]);
    expect(stats.weirds['netflow.export_time']).toBe(1);
  });
});

describe('counters', () => {
  test('of both kinds: deltas before totals, one that is zero says nothing', () => {
    const fields: Field[] = [
      [85, 8],
      [86, 8],
    ];
    expect(collect([message(fields, flow([...u64(9000), ...u64(90)]))]).conns).toMatchObject([{ orig_pkts: 5 }]);
    const onlyTotals = ipfix(
      set(2, template(256, [[8, 4], [12, 4], ...fields])),
      set(256, [...A, ...B, ...u64(9000), ...u64(90)]),
    );
    expect(collect([onlyTotals]).conns).toMatchObject([{ orig_pkts: 90, orig_ip_bytes: 9000 }]);
  });

  test('of the other direction: out counters beside own ones, else the only ones', () => {
    const fields: Field[] = [
      [24, 4],
      [23, 4],
    ];
    expect(collect([message(fields, flow([...u32(7), ...u32(4000)]))]).conns).toMatchObject([
      { orig_pkts: 5, resp_pkts: 7, resp_ip_bytes: 4000 },
    ]);
    const egress = ipfix(
      set(2, template(256, [[8, 4], [12, 4], ...fields])),
      set(256, [...A, ...B, ...u32(7), ...u32(99)]),
    );
    expect(collect([egress]).conns).toMatchObject([{ orig_pkts: 7, orig_ip_bytes: 99, resp_pkts: 0 }]);
  });

  test('of a sampler are scaled by its rate, and it is said', () => {
    const options = [
      ...u16(300),
      ...u16(3),
      ...u16(1),
      ...u16(302),
      ...u16(4),
      ...u16(305),
      ...u16(4),
      ...u16(306),
      ...u16(4),
    ];
    const sampler = (id: number, skipped: number): number[] => [...u32(id), ...u32(1), ...u32(skipped)];
    const stream = ipfix(
      set(2, template(256, [...base, [302, 4]])),
      set(256, [...flow(u32(7)), ...flow(u32(8), 17), ...flow(u32(0), 1)]),
      set(3, options),
      set(300, [...sampler(7, 99), ...sampler(8, 0)]),
    );
    const { conns, stats } = collect([stream]);
    expect(conns.map(({ proto, orig_pkts }) => [proto, orig_pkts])).toEqual([
      ['tcp', 500],
      ['udp', 5],
      ['icmp', 5],
    ]);
    expect(stats.weirds['netflow.sampled']).toBe(1);
  });

  test('of RFC 5103 whose other side has begun are turned round', () => {
    const fields: Field[] = [
      [2, 4, 29_305],
      [1, 4, 29_305],
      [239, 1],
    ];
    expect(collect([message(fields, flow([...u32(3), ...u32(120), 2]))]).conns).toMatchObject([
      { id_orig_h: '10.0.0.2', id_resp_h: '10.0.0.1', orig_pkts: 3, resp_pkts: 5 },
    ]);
  });
});

describe('one connection', () => {
  const nat: Field[] = [
    [226, 4],
    [228, 2],
  ];

  test('through a router that translates: answers belong to the device behind it', () => {
    const out = [...A, 8, 8, 8, 8, ...u16(50_000), ...u16(53), 17, ...u32(1), ...u32(60), 8, 8, 8, 8, ...u16(53)];
    const back = [
      8,
      8,
      8,
      8,
      203,
      0,
      113,
      5,
      ...u16(53),
      ...u16(61_000),
      17,
      ...u32(1),
      ...u32(99),
      ...A,
      ...u16(50_000),
    ];
    const { conns } = collect([message(nat, out, back)]);
    expect(conns).toMatchObject([
      { id_orig_h: '10.0.0.1', id_orig_p: 50_000, id_resp_h: '8.8.8.8', id_resp_p: 53, orig_pkts: 1, resp_pkts: 1 },
    ]);
  });

  test('that was metered where it came in and where it went out counts once', () => {
    const fields: Field[] = [
      [61, 1],
      [150, 4],
    ];
    const { conns, stats } = collect([message(fields, flow([0, ...u32(EXPORTED)]), flow([1, ...u32(EXPORTED)]))]);
    expect(conns).toHaveLength(1);
    expect(stats.weirds['netflow.seen_twice']).toBe(1);
  });

  test('of a firewall: what begins is no flow yet, what was denied is one packet without an answer', () => {
    const fields: Field[] = [
      [8, 4],
      [12, 4],
      [7, 2],
      [11, 2],
      [4, 1],
      [231, 4],
      [232, 4],
      [233, 1],
    ];
    const event = (kind: number, sent: number, received: number): number[] => [
      ...[...A, ...B, ...u16(40_000), ...u16(443), 6, ...u32(sent), ...u32(received), kind],
    ];
    const bytes = ipfix(
      set(2, template(256, fields)),
      set(256, [...event(1, 0, 0), ...event(2, 800, 9000), ...event(3, 0, 0)]),
    );
    const { conns, stats } = collect([bytes]);
    expect(conns).toMatchObject([
      { orig_pkts: null, orig_ip_bytes: 800, resp_ip_bytes: 9000, conn_state: null },
      { orig_pkts: 1, resp_pkts: 0, conn_state: 'S0' },
    ]);
    expect(stats.weirds['netflow.connection_begins']).toBe(1);
  });
});

test('data before their template are read when it comes', () => {
  const fields = set(2, template(256, base));
  const { conns, stats } = collect([ipfix(set(256, flow())), ipfix(fields)]);
  expect([conns.length, { ...stats.rejected }]).toEqual([1, {}]);
  const flood = Array.from({ length: 300 }, () => ipfix(set(256, flow())));
  expect(collect(flood).stats.rejected['netflow.unknown_template']).toBe(300);
});

describe('sequence numbers', () => {
  const numbered = (sequence: number, records: number): Buffer => {
    const bytes = message([], ...Array.from({ length: records }, (_, i) => flow([], 17, [1000 + i, 53])));
    bytes.writeUInt32BE(sequence, 8);
    return bytes;
  };
  const lost = (steps: [number, number][]): number | undefined =>
    collect(steps.map(([sequence, records]) => numbered(sequence, records))).stats.dropped['netflow.lost'];
  const start: [number, number][] = [
    [100, 2],
    [102, 3],
    [105, 4],
    [109, 2],
  ];

  test.each([
    ['of records that are all there', [...start, [111, 1]], undefined],
    ['with a gap', [...start, [150, 1]], 39],
    ['with a message that came late', [...start, [113, 3], [111, 2]], undefined],
    ['after a restart', [...start, [0, 1], [1, 2]], undefined],
    [
      'over the end of 32 bits',
      [
        [2 ** 32 - 9, 2],
        [2 ** 32 - 7, 3],
        [2 ** 32 - 4, 4],
        [0, 2],
        [12, 1],
      ],
      10,
    ],
    [
      'of messages',
      [
        [7, 5],
        [8, 3],
        [9, 4],
        [10, 2],
        [12, 4],
      ],
      3,
    ],
    [
      'of the last record, as softflowd counts',
      [
        [5, 5],
        [8, 3],
        [12, 4],
        [14, 2],
        [25, 1],
      ],
      10,
    ],
  ] as [string, [number, number][], number | undefined][])('%s', (_what, steps, expected) => {
    const count = lost(steps);
    if (expected === 3) expect(count).toBeGreaterThan(0);
    else expect(count || undefined).toBe(expected);
  });

  test('of NetFlow v9 count messages', () => {
    const v9 = (sequence: number): Buffer => {
      const head = Buffer.from(v9Header(1));
      head.writeUInt32BE(sequence, 12);
      return Buffer.concat([head, Buffer.from([...set(0, template(256, base)), ...set(256, flow())])]);
    };
    expect(collect([1, 2, 3, 4, 5, 9].map(v9)).stats.dropped['netflow.lost']).toBeGreaterThanOrEqual(3);
  });
});
