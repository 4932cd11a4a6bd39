/** Who hands out addresses: every ordinary house with more than one server, and the one that is not. */
import { describe, expect, it } from 'vitest';
import { camera, grants, laptop, leases, phone, router, Station, tagged } from './station.ts';
import { alertsAfter, alertsOf, sentencesOf } from './watch.ts';

const home = { server: router };
const clients = [phone, laptop, camera];
/** Each client renews every ten minutes. */
const renewals = (...servers: Parameters<typeof leases>[2][]) =>
  [0, 600, 1200].flatMap((ts) => clients.flatMap((client, i) => leases(ts + 60 * i, client, ...servers)));

describe('several servers that belong together are ordinary', () => {
  it('one router on a trunk, with a network in each VLAN', () => {
    const frames = [10, 20, 30].flatMap((vlan, i) => {
      const server = router.as(`192.168.${vlan}.1`);
      const client = new Station(`192.168.${vlan}.5`, `a4:cf:12:00:00:0${i}`);
      return leases(20 * i, client, { server }).map((frame) => tagged(frame, vlan));
    });
    expect(sentencesOf([...leases(1, phone, home), ...frames])).toEqual([]);
  });

  it('two routers, each in a VLAN of its own', () => {
    const guest = new Station('192.168.9.1', '00:0d:b9:00:00:09');
    const frames = leases(30, new Station('192.168.9.20', 'a4:cf:12:00:00:01'), { server: guest });
    expect(sentencesOf([...renewals(home), ...frames.map((frame) => tagged(frame, 9))])).toEqual([]);
  });

  it('two servers that back each other up and say the same, both answering or in turns', () => {
    const lease = { router: '192.168.1.1', dns: '192.168.1.1' };
    const first = { server: new Station('192.168.1.2', '00:0d:b9:00:00:01'), ...lease };
    const second = { server: new Station('192.168.1.3', '00:0d:b9:00:00:02'), ...lease };
    expect(sentencesOf(renewals(first, second))).toEqual([]);
    expect(
      sentencesOf([...renewals(first), ...renewals(second).map((frame) => ({ ...frame, ts: frame.ts + 30 }))]),
    ).toEqual([]);
  });

  it('a relay between the server and a part of the house', () => {
    const relay = {
      server: new Station('192.168.1.9', '00:11:32:00:00:09'),
      router: '192.168.1.1',
      dns: '192.168.1.1',
    };
    expect(sentencesOf([...renewals(home), ...leases(50, camera, relay)])).toEqual([]);
  });

  it('the network of virtual machines beside that of the house', () => {
    const host = { server: new Station('192.168.122.1', '52:54:00:00:00:01') };
    const guest = new Station('192.168.122.50', '52:54:00:00:00:50');
    expect(sentencesOf([...renewals(home), ...leases(50, guest, host)])).toEqual([]);
  });

  it('a new router under the old address', () => {
    const successor = { server: router.at('c0:56:27:00:00:01') };
    expect(
      sentencesOf([...renewals(home), ...leases(3000, phone, successor), ...leases(3100, camera, successor)]),
    ).toEqual([]);
  });

  it('a second server with a resolver of its own that was there while learning', () => {
    const own = { server: new Station('192.168.1.3', 'b8:27:eb:00:00:02'), router: '192.168.1.1' };
    expect(alertsAfter(renewals(home, own), renewals(own, home))).toEqual([]);
  });
});

describe('a server that leads clients elsewhere is told', () => {
  const thief = new Station('192.168.1.66', 'd8:0d:17:00:00:66');

  it.each([
    ['as their router, answering what they ask', leases(1300, phone, { server: thief }, home)],
    ['as their resolver', leases(1300, phone, { server: thief, router: '192.168.1.1' })],
    ['without being asked', [grants(1300, phone, { server: thief })]],
    [
      'into a network of its own: a router that somebody plugged in',
      leases(1300, phone.as('192.168.0.17'), { server: new Station('192.168.0.1', 'd8:0d:17:00:00:66') }),
    ],
  ])('%s', (_, frames) => {
    for (const alerts of [alertsOf([...renewals(home), ...frames]), alertsAfter(renewals(home), frames)]) {
      expect(alerts).toHaveLength(1);
      expect(alerts[0]).toMatchObject({ kind: 'spoofing', address: 'd8:0d:17:00:00:66' });
      expect(alerts[0]!.sentence).toContain('d8:0d:17:00:00:66');
    }
  });
});
