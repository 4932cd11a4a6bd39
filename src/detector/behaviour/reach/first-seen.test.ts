import { describe, expect, it } from 'vitest';
import { Host, HostTable, LocalPrefixes } from '../../../feature/host.ts';
import { Channel, Link } from '../../../feature/link.ts';
import { PROTO_TCP } from '../../../packet/packet.ts';
import type { Finding } from '../../finding.ts';
import type { Behaviour, Context } from '../behaviour.ts';
import { DnsNames } from '../name/dns-names.ts';
import { createFirstSeen } from './first-seen.ts';

const HOUR = 3600;
const plug = new Host(1, '192.168.1.5', 'local');
const laptop = new Host(2, '192.168.1.6', 'local');
const server = (network: number): Host => new Host(100 + network, `203.${network}.7.9`, 'external');

function watch(rule: Behaviour) {
  const findings: Finding[] = [];
  const context: Context = {
    ...{ ts: 0, learning: true, isWarmingUp: false, hasPast: true },
    ...{
      hosts: new HostTable(16, new LocalPrefixes()),
      names: new DnsNames(),
      report: (finding) => findings.push(finding),
    },
  };
  const call = (host: Host, network: number, hour: number, port = 443): void => {
    context.ts = hour * HOUR;
    rule.start!(new Link(new Channel(host, server(network), PROTO_TCP, port), 40_000, context.ts), context);
  };
  return { findings, context, call };
}

/** Two months in which a plug calls one server, and a laptop another one every fifth hour. */
function live(rule: Behaviour) {
  const home = watch(rule);
  for (let hour = 0; hour < 1440; hour++) {
    if (hour === 720) home.context.learning = false;
    home.call(plug, 1, hour);
    home.call(laptop, hour % 5 === 0 ? (hour / 5) % 250 : 1, hour);
  }
  return home;
}

describe('first-seen', () => {
  it('tells of the first new place of a device that sees none, and not of another in the same hour', () => {
    const { findings, call } = live(createFirstSeen(1));
    expect(findings).toEqual([]);
    call(laptop, 251, 1440);
    expect(findings).toEqual([]);
    call(plug, 2, 1440);
    call(plug, 3, 1440);
    expect(findings).toMatchObject([
      { kind: 'new-destination', host: plug, evidence: { place: '203.2.0.0/16', hours: 1440, new_per_week: 0.233 } },
    ]);
    call(plug, 2, 1441);
    expect(findings).toHaveLength(1);
  });

  it('tells of a new service', () => {
    const { findings, call } = live(createFirstSeen(1));
    call(plug, 1, 1440, 22);
    expect(findings).toMatchObject([{ evidence: { port: 22 } }]);
  });

  it('keeps to half of the budget, for one device and for all', () => {
    const { findings, call } = live(createFirstSeen(1));
    for (let i = 0; i < 20; i++) call(plug, 10 + i, 1440 + 24 * i);
    expect(findings.length).toBeLessThanOrEqual(2);
    const short = watch(createFirstSeen(1));
    for (let hour = 0; hour < 160; hour++) short.call(plug, 1, hour);
    short.context.learning = false;
    // A week proves no rate below one in four weeks.
    short.call(plug, 2, 161);
    expect(short.findings).toEqual([]);
  });

  it('goes on after a restart where it was', () => {
    const rule = createFirstSeen(1);
    live(rule);
    const restarted = createFirstSeen(1);
    restarted.load!(JSON.parse(JSON.stringify(rule.save!())));
    const home = watch(restarted);
    home.context.learning = false;
    home.call(plug, 1, 1440);
    expect(home.findings).toEqual([]);
    home.call(plug, 2, 1441);
    expect(home.findings).toHaveLength(1);
  });
});
