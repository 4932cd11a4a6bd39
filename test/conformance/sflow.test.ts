/** sFlow v5 as its document defines it, what agents make of it, and what hostile ones may try. */
import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Conn } from '../../src/flow/conn.ts';
import { type ExportedFlow, emptyFlow } from '../../src/source/netflow/exported-flow.ts';
import { listenNetflow } from '../../src/source/netflow/listen.ts';
import { Sequence } from '../../src/source/netflow/sequence.ts';
import { SampledConnections } from '../../src/source/sflow/sampled-connections.ts';
import { bytesOf, netflowV5, u16, u32 } from './netflow-builder.ts';
import { collect } from './netflow-collect.ts';
import {
  counterSample,
  DEVICE,
  expandedFlowSample,
  flowSample,
  frame,
  IPV4,
  IPV6,
  ipPacket,
  opaque,
  type PacketShape,
  rawHeader,
  SERVER,
  sampledFrame,
  sampledIpv4,
  sflowDatagram,
  sflowFile,
} from './sflow-builder.ts';

const SYN = 2;
const SYN_ACK = 0x12;
const ACK = 0x10;
const request: PacketShape = { flags: ACK, payload: 100 };
const answer: PacketShape = { from: SERVER, to: DEVICE, ports: [443, 50_000], flags: ACK, payload: 1400 };
const one = (...samples: number[][]): ReturnType<typeof collect> => collect([sflowDatagram({}, ...samples)]);

describe('a sampled packet', () => {
  test('stands for as many as the rate says, and is no measure of rates', () => {
    const { conns, stats } = one(flowSample(1000, sampledFrame(request)));
    expect(conns).toMatchObject([
      {
        ...{ id_orig_h: DEVICE, id_orig_p: 50_000, id_resp_h: SERVER, id_resp_p: 443, proto: 'tcp' },
        ...{ orig_pkts: 1000, orig_ip_bytes: 140_000, resp_pkts: 0, conn_state: null, coarse_ts: true },
        ...{ ts: null, duration: null, orig_l2_addr: '02:17:88:0a:0b:0c', resp_l2_addr: '02:00:00:00:00:01' },
      },
    ]);
    expect({ ...stats.weirds }).toEqual({ 'sflow.sampled': 1 });
  });

  test('of an agent that takes every packet is counted as it is', () => {
    const [syn, synAck] = [sampledFrame({ flags: SYN }), sampledFrame({ ...answer, flags: SYN_ACK, payload: 0 })];
    const { conns, stats } = one(flowSample(1, syn), flowSample(1, synAck));
    expect(conns).toMatchObject([{ orig_pkts: 1, orig_ip_bytes: 40, resp_pkts: 1, conn_state: 'S1' }]);
    expect(conns[0].coarse_ts).toBeUndefined();
    expect({ ...stats.weirds }).toEqual({});
  });

  test('of an agent that does not say its rate counts once, and is an estimate', () => {
    expect(one(flowSample(0, sampledFrame(request))).conns).toMatchObject([{ orig_pkts: 1, coarse_ts: true }]);
  });

  test('is read from every form that tells of it', () => {
    const expected = { id_orig_h: DEVICE, id_resp_p: 443, orig_pkts: 10, orig_ip_bytes: 1400 };
    const forms = [
      flowSample(10, sampledFrame(request)),
      expandedFlowSample(10, sampledFrame(request)),
      flowSample(10, rawHeader(ipPacket(request), IPV4, 140)),
      flowSample(10, sampledIpv4(request)),
      flowSample(10, opaque(4096 + 7, [1, 2, 3]), sampledIpv4(request)),
    ];
    for (const form of forms) expect(one(form).conns).toMatchObject([expected]);
  });

  test('of IPv6 is read from its header and from its record', () => {
    const address = (last: number): number[] => [0x20, 1, 13, 0xb8, ...new Array<number>(11).fill(0), last];
    const ports = [...u16(40_000), ...u16(53)];
    const header = [0x60, 0, 0, 0, ...u16(80), 17, 64, ...address(7), ...address(9), ...ports, ...u16(80), 0, 0];
    const record = [...u32(120), ...u32(17), ...address(7), ...address(9), ...u32(40_000), ...u32(53)];
    const expected = { id_orig_h: '2001:db8::7', id_resp_h: '2001:db8::9', id_resp_p: 53, orig_ip_bytes: 240 };
    for (const sample of [rawHeader(header, IPV6, 120), opaque(4, [...record, ...u32(0), ...u32(0)])])
      expect(one(flowSample(2, sample)).conns).toMatchObject([{ ...expected, proto: 'udp' }]);
  });

  test('has hardware addresses and the VLAN from records beside it, or from its own tag', () => {
    const ethernet = opaque(2, [...u32(60), 2, 0, 0, 0, 0, 7, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, ...u32(0x0800)]);
    const vlan = opaque(1001, [...u32(20), ...u32(0), ...u32(20), ...u32(0)]);
    expect(one(flowSample(2, vlan, ethernet, sampledIpv4(request))).conns).toMatchObject([
      { vlan: 20, orig_l2_addr: '02:00:00:00:00:07', resp_l2_addr: '02:00:00:00:00:01' },
    ]);
    const tagged = rawHeader(frame(request, [0x81, 0, ...u16(30)]), 1, 162);
    expect(one(flowSample(2, tagged, vlan)).conns).toMatchObject([{ vlan: 30, orig_ip_bytes: 280 }]);
  });

  test('whose frame is said to be without its checksum, or longer than it is, is read all the same', () => {
    for (const length of [154, 158, 1 << 30]) {
      const { conns } = one(flowSample(2, rawHeader(frame(request), 1, length)));
      expect(conns).toMatchObject([{ orig_ip_bytes: 280 }]);
    }
  });

  test('without IP is no fault, and counters are no flows', () => {
    const arp = [...new Array<number>(12).fill(2), 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, ...new Array<number>(20).fill(1)];
    const { conns, stats } = one(flowSample(9, rawHeader(arp)), counterSample(), counterSample(true), opaque(5, [1]));
    expect([conns, stats.offered]).toEqual([[], 0]);
    expect({ ...stats.weirds }).toEqual({ 'sflow.not_ip': 1, 'sflow.counters': 2, 'sflow.other_sample': 1 });
  });
});

describe('packets of one connection', () => {
  test('are joined, whichever was picked first', () => {
    const both = [flowSample(100, sampledFrame(answer)), flowSample(200, sampledFrame(request))];
    for (const samples of [both, both.toReversed()]) {
      const { conns } = one(...samples, flowSample(100, sampledFrame(answer)));
      expect(conns).toMatchObject([
        { id_orig_h: DEVICE, id_resp_p: 443, orig_pkts: 200, resp_pkts: 200, resp_ip_bytes: 288_000, duration: 0 },
      ]);
    }
  });

  test('are turned by what they show before what their ports suggest', () => {
    const odd: PacketShape = { from: SERVER, to: DEVICE, ports: [80, 50_000], flags: SYN };
    expect(one(flowSample(9, sampledFrame(odd))).conns).toMatchObject([{ id_orig_h: SERVER, id_orig_p: 80 }]);
    const answered = one(flowSample(9, sampledFrame({ ...odd, flags: SYN_ACK })));
    expect(answered.conns).toMatchObject([{ id_orig_h: DEVICE, orig_pkts: 0, resp_pkts: 9, id_resp_p: 80 }]);
    const toMany: PacketShape = { to: '239.255.255.250', ports: [1900, 50_000] };
    expect(one(flowSample(9, sampledFrame(toMany))).conns).toMatchObject([{ id_orig_h: DEVICE, id_orig_p: 1900 }]);
  });

  test('of ICMP have type and code, and the one who asks is the originator', () => {
    const ping = (from: string, to: string, type: number): number[] => {
      const packet = ipPacket({ from, to, payload: 56 });
      packet[9] = 1;
      return [...packet.slice(0, 20), type, 0, 0, 0, 0, 1, 0, 1];
    };
    const reply = flowSample(10, rawHeader(ping(SERVER, DEVICE, 0), IPV4, 84));
    const echo = flowSample(10, rawHeader(ping(DEVICE, SERVER, 8), IPV4, 84));
    const expected = { proto: 'icmp', id_orig_h: DEVICE, id_orig_p: 8, id_resp_p: 0, orig_bytes: 560 };
    for (const samples of [
      [reply, echo],
      [echo, reply],
    ])
      expect(one(...samples).conns).toMatchObject([{ ...expected, resp_pkts: 10 }]);
    expect(one(reply).conns).toMatchObject([{ id_orig_h: DEVICE, id_orig_p: 8, orig_pkts: 0, resp_pkts: 10 }]);
  });

  test('in fragments keep their bytes; only the first has ports', () => {
    const fragment = (offset: number, more: number): number[] => {
      const packet = ipPacket({ payload: 1000 });
      [packet[6], packet[7]] = u16(more | offset);
      return rawHeader(packet, IPV4, 1028);
    };
    const { conns } = one(flowSample(2, fragment(0, 0x2000)), flowSample(2, fragment(126, 0)));
    expect(conns.map(({ id_orig_p, orig_ip_bytes }) => [id_orig_p, orig_ip_bytes])).toEqual([
      [50_000, 2056],
      [null, 2056],
    ]);
  });

  test('last by the agent’s uptime, over its wrap, and end after a minute and at a restart', () => {
    const lasting = (...uptimes: number[]): (number | null)[] =>
      collect(
        uptimes.map((uptime, i) =>
          sflowDatagram({ uptime: uptime % 2 ** 32, sequence: i }, flowSample(10, sampledFrame(request))),
        ),
      ).conns.map(({ duration }) => duration);
    expect(lasting(5_000, 30_000, 29_000)).toEqual([25]);
    expect(lasting(2 ** 32 - 1000, 2 ** 32 + 1500)).toEqual([2.5]);
    expect(lasting(0, 30_000, 59_000, 61_000, 70_000)).toEqual([59, 9]);
    expect(lasting(0, 200_000)).toEqual([null, null]);
    expect(lasting(900_000, 1000)).toEqual([null, null]);
  });

  test('of several agents and sub-agents are not joined', () => {
    const sample = flowSample(10, sampledFrame(request));
    const six = [0xfd, ...new Array<number>(14).fill(0), 1];
    const agents = [{}, { subAgent: 1 }, { address: '192.168.1.3' }, { address: six }, {}];
    const { conns } = collect(agents.map((agent) => sflowDatagram(agent, sample)));
    expect(conns.map(({ orig_pkts }) => orig_pkts)).toEqual([10, 10, 10, 20]);
  });

  test('wait in bounded memory', () => {
    const told: ExportedFlow[] = [];
    const connections = new SampledConnections((flow) => told.push(flow), 16);
    const packet = (i: number): ExportedFlow => ({
      ...emptyFlow('a'),
      ...{ source: DEVICE, destination: `10.0.0.${i}`, packets: 10, bytes: 400, startUptime: i, endUptime: i },
    });
    for (let i = 0; i < 100; i++) connections.add(packet(i));
    expect(told.length).toBeGreaterThanOrEqual(84);
    connections.flush();
    expect(new Set(told.map(({ destination }) => destination)).size).toBe(100);
  });
});

describe('numbers of datagrams', () => {
  const sample = flowSample(10, sampledFrame(request));
  const lost = (numbers: number[], agent = (i: number) => ({ uptime: 1000 * i })): Record<string, number> => ({
    ...collect(numbers.map((sequence, i) => sflowDatagram({ ...agent(i), sequence }, sample, sample))).stats.dropped,
  });

  test('show the samples that never arrived', () => {
    expect(lost([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual({});
    expect(lost([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 21])['sflow.lost']).toBeGreaterThan(10);
    expect(lost([1, 2, 3, 4, 6, 5, 7])).toEqual({ 'sflow.lost': 0 });
  });

  test('begin anew when an agent was started again, and count for each sub-agent', () => {
    expect(lost([9001, 9002, 9003, 9004, 1, 2, 3], (i) => ({ uptime: i < 4 ? 9e6 + i : i }))).toEqual({});
    const two = (i: number) => ({ uptime: 1000 * i, subAgent: i % 2 });
    expect(lost([1, 501, 2, 502, 3, 503, 4, 504, 5, 505], two)).toEqual({});
  });

  test('of an exporter of any kind that was started again show losses from then on', () => {
    const sequence = new Sequence('message');
    const next = (number: number, uptime: number): number => sequence.next(number, 1, uptime);
    for (let i = 0; i < 5; i++) next(9000 + i, 9e6 + i);
    expect([next(1, 10), next(2, 20), next(5, 30)]).toEqual([0, 0, 2]);
  });
});

describe('what cannot be read', () => {
  const good = flowSample(10, sampledFrame(request));
  const huge = 0xffff_fffc;
  const sized = (sample: number[], at: number, value: number): number[] => [
    ...sample.slice(0, at),
    ...u32(value),
    ...sample.slice(at + 4),
  ];
  test.each([
    ['a sample longer than the datagram', sized(good, 4, huge), 'sflow.bad_sample_length'],
    ['a sample without its fields', opaque(1, [1, 2, 3, 4]), 'sflow.short_sample'],
    ['more records than there are', sized(good, 36, huge), 'sflow.bad_record_length'],
    ['a record longer than its sample', sized(good, 44, huge), 'sflow.bad_record_length'],
    ['a header longer than its record', sized(good, 60, huge), 'sflow.bad_header_length'],
    ['a header that ends in IP', flowSample(1, rawHeader(frame(request).slice(0, 30))), 'decode.truncated_ip'],
    ['a rate that is none', flowSample(huge, sampledFrame(request)), 'sflow.bad_rate'],
    ['a header of FDDI', flowSample(1, rawHeader(frame(request), 4)), 'sflow.header_protocol'],
    ['a packet of four gigabytes', flowSample(1, sized(sampledIpv4(request), 8, huge)), 'sflow.bad_packet_length'],
    ['an IPv4 record that is cut', flowSample(1, opaque(3, [1, 2, 3, 4])), 'sflow.short_record'],
    ['nothing about a packet', flowSample(1, opaque(1002, [1, 2, 3, 4])), 'sflow.no_packet'],
  ])('%s is one counted refusal', (_, sample, reason) => {
    const { conns, stats } = one(good, sample);
    expect([conns.length, { ...stats.rejected }]).toEqual([1, { [reason]: 1 }]);
  });

  test('a datagram that is cut anywhere, or says that it holds millions of samples, gives what is whole', () => {
    const whole = sflowDatagram({}, good, counterSample(), good);
    for (let length = 0; length < whole.length; length++) {
      const { stats } = collect([whole.subarray(0, length)]);
      expect(Object.values(stats.rejected)).toEqual([1]);
    }
    whole.writeUInt32BE(huge, 24);
    expect({ ...collect([whole]).stats.rejected }).toEqual({ 'sflow.bad_sample_length': 1 });
  });

  test('any damage costs only counted refusals', () => {
    const seeds = [sflowFile().subarray(0, 268), sflowDatagram({}, good, flowSample(9, sampledIpv4(request)))];
    const changes = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 0, max: 255 })), { maxLength: 8 });
    fc.assert(
      fc.property(fc.nat(1), changes, fc.nat(300), (which, list, length) => {
        const bytes = Buffer.from(seeds[which]);
        for (const [at, value] of list) if (at >= 8 && at < bytes.length) bytes[at] = value;
        for (const conn of collect([bytes.subarray(0, length), bytes]).conns) {
          for (const value of Object.values(conn))
            if (typeof value === 'number') expect(Number.isFinite(value) && value >= 0).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('a listener takes sFlow beside NetFlow v5, with the time of arrival', async () => {
  const conns: Conn[] = [];
  const signs: boolean[] = [];
  const listener = await listenNetflow({
    ...{ port: 0, pairMs: 20 },
    onConn: (conn) => conns.push(conn),
    onDatagram: (isSign) => signs.push(isSign),
  });
  const socket = createSocket('udp4');
  const onlyCounts = sflowDatagram({ address: '192.168.1.9' }, counterSample());
  const sampling = sflowDatagram({}, flowSample(100, sampledFrame(request)));
  const counting = sflowDatagram({ sequence: 2 }, counterSample());
  for (const datagram of [onlyCounts, sampling, counting, netflowV5(), bytesOf(u32(5), u32(3))])
    await new Promise((resolve) => socket.send(datagram, listener.port, '127.0.0.1', resolve));
  socket.close();
  const end = performance.now() + 5000;
  while (conns.length < 3 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  await listener.close();
  const [sampled] = conns.filter(({ orig_pkts }) => orig_pkts === 100);
  expect(Math.abs(sampled.ts! - Date.now() / 1000)).toBeLessThan(60);
  expect(sampled.coarse_ts).toBe(true);
  expect(conns).toHaveLength(3);
  // An agent that only counts shows no traffic; one that samples too is alive when it counts.
  expect(signs).toEqual([false, true, true, true, false]);
  expect({ ...listener.stats().rejected }).toEqual({ 'netflow.unknown_version': 1 });
  expect(listener.flows()).toBe(4);
});
