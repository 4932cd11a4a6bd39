/** Every way in which an IP address moves between link-layer addresses on purpose, and the one that is theft. */
import { describe, expect, it } from 'vitest';
import { announces, answers, asks, camera, datagram, laptop, outside, phone, router, Station } from './station.ts';
import { alertsAfter, alertsOf, sentencesOf, type TimedFrame } from './watch.ts';

/** `count` times, every `period` seconds from `from` on. */
const every = (
  period: number,
  count: number,
  frames: (ts: number, i: number) => TimedFrame[],
  from = 0,
): TimedFrame[] => Array.from({ length: count }, (_, i) => frames(from + i * period, i)).flat();

/** The phone asks for the router and talks to the internet through it, as whichever station it is. */
const uses = (ts: number, who: Station): TimedFrame[] => [
  asks(ts, who, router),
  answers(ts + 0.002, router, who),
  datagram(ts + 0.1, who, outside('93.184.216.34'), [40_001, 443]),
  datagram(ts + 0.15, outside('93.184.216.34'), who, [443, 40_001]),
];
const life = every(20, 60, (ts, i) => uses(ts, [phone, laptop, camera][i % 3]!));

describe('an address that moves on purpose is ordinary', () => {
  it('a server with two cards in one network answers from both', () => {
    const cards = [new Station('192.168.1.21', '00:08:9b:eb:ad:20'), new Station('192.168.1.22', 'd8:50:e6:00:00:07')];
    const flux = every(15, 40, (ts, i) => {
      const address = cards[i % 2]!.address;
      const [one, two] = cards.map((card) => card.as(address));
      return [asks(ts, laptop, one!), answers(ts + 0.001, one!, laptop), answers(ts + 0.0012, two!, laptop)];
    });
    expect(sentencesOf([...life, ...flux])).toEqual([]);
  });

  it.each([300, 25])('a phone roams to a repeater that shows its own address, and back, every %i s', (period) => {
    const behind = phone.at('ec:08:6b:77:88:99');
    const roaming = every(period, Math.ceil(1500 / period), (ts, i) => {
      const who = i % 2 === 0 ? phone : behind;
      return [announces(ts, who), ...every(5, Math.floor(period / 5) - 1, (at) => uses(at, who), ts + 1)];
    });
    expect(sentencesOf(roaming)).toEqual([]);
  });

  it('several phones behind a repeater', () => {
    const repeater = 'ec:08:6b:77:88:99';
    const frames = every(60, 20, (ts, i) =>
      [phone, laptop, camera].flatMap((who, k) => {
        const seen = (i + k) % 4 < 2 ? who : who.at(repeater);
        return [announces(ts + k, seen), ...uses(ts + k + 1, seen)];
      }),
    );
    expect(sentencesOf(frames)).toEqual([]);
  });

  it.each([
    ['VRRP or CARP', '00:00:5e:00:01:07'],
    ['HSRP', '00:00:0c:07:ac:01'],
    ['HSRP version 2', '00:00:0c:9f:f0:01'],
    ['GLBP', '00:07:b4:00:01:02'],
    ['a cluster of Windows', '02:bf:c0:a8:01:fe'],
  ])('a gateway that several machines share: %s', (_, mac) => {
    const shared = new Station('192.168.1.254', mac);
    const own = new Station('192.168.1.254', '00:1b:21:00:00:05');
    const frames = every(10, 60, (ts, i) => [
      announces(ts, shared),
      asks(ts + 1, laptop, shared),
      answers(ts + 1.001, shared, laptop),
      datagram(ts + 2, own, laptop, [53, 40_002]),
      datagram(ts + 2.5, i % 2 ? shared : own, phone, [53, 40_003]),
    ]);
    expect(sentencesOf([...life, ...frames])).toEqual([]);
  });

  it('a pair of routers of which one takes over without an address for both', () => {
    const [first, second] = ['00:1b:21:00:00:05', 'a0:36:9f:00:00:09'].map((mac) => new Station('192.168.1.254', mac));
    const master = (ts: number, who: Station): TimedFrame[] => [
      ...every(1, 5, (at) => [announces(at, who)], ts),
      ...every(60, 5, (at) => [announces(at, who), datagram(at + 1, who, phone, [53, 40_002])], ts + 10),
    ];
    const frames = every(400, 4, (ts, i) => master(ts, i % 2 ? second! : first!));
    expect(sentencesOf([...life, ...frames])).toEqual([]);
  });

  it('cards that are bonded tell each client another one of them, and balance anew', () => {
    const cards = ['00:25:90:aa:00:10', '00:25:90:aa:00:11'].map((mac) => new Station('192.168.1.11', mac));
    const clients = [phone, laptop, camera];
    const frames = every(7, 80, (ts, i) => {
      const client = clients[i % 3]!;
      const card = cards[(i % 3) % 2]!;
      const balanced = i % 10 === 9 ? [answers(ts + 1, card, client), answers(ts + 2, card, client)] : [];
      return [
        asks(ts, client, card),
        answers(ts + 0.001, card, client),
        datagram(ts + 0.1, cards[i % 2]!, client, [445, 50_000]),
        ...balanced,
      ];
    });
    expect(sentencesOf([...life, ...frames])).toEqual([]);
  });

  it('a virtual machine over Wi-Fi: its host says all that it says under an address of its own', () => {
    const guest = new Station('192.168.1.60', '08:00:27:2a:ba:35');
    const shown = guest.at(laptop.macText);
    const frames = every(4, 60, (ts) => [
      asks(ts, guest, router),
      asks(ts + 0.00002, shown, router),
      answers(ts + 0.001, router, shown),
      datagram(ts + 0.1, guest, router, [40_000, 53]),
      datagram(ts + 0.10001, shown, router, [40_000, 53]),
    ]);
    expect(sentencesOf([...life, ...frames])).toEqual([]);
  });

  it('a device that answers for one that sleeps, until it wakes', () => {
    const proxy = new Station('192.168.1.90', 'f0:b3:ec:00:00:01');
    const frames = every(200, 5, (ts) => [
      ...every(10, 5, (at) => uses(at, laptop), ts),
      ...[60, 61, 62].map((at) => announces(ts + at, proxy.as(laptop.address))),
      ...every(20, 4, (at) => [asks(at, phone, laptop), answers(at + 0.001, proxy.as(laptop.address), phone)], ts + 70),
      asks(ts + 75, proxy, router),
      announces(ts + 160, laptop),
    ]);
    expect(sentencesOf(frames)).toEqual([]);
  });

  it('a router that answers for addresses behind it (proxy ARP, Docker, VPN)', () => {
    const inner = ['192.168.1.201', '192.168.1.202', '192.168.1.203'];
    const frames = every(12, 60, (ts, i) => {
      const proxied = router.as(inner[i % 3]!);
      return [asks(ts, laptop, proxied), answers(ts + 0.001, proxied, laptop)];
    });
    expect(sentencesOf([...life, ...frames])).toEqual([]);
  });

  it('a lease that another device gets, a container that is made anew, a network card that is changed', () => {
    const next = ['a4:cf:12:00:00:01', '02:42:ac:11:00:02', '3c:7c:3f:99:99:99'].map((mac) => camera.at(mac));
    const frames = [camera, ...next].flatMap((who, i) => [
      ...[0, 1, 2].map((k) => announces(300 * i + k, who)),
      ...every(10, 25, (ts) => uses(ts, who), 300 * i + 5),
    ]);
    expect(sentencesOf(frames)).toEqual([]);
  });

  it('the same addresses in two VLANs', () => {
    const twin = router.at('a0:36:9f:00:00:09');
    const frame = ({ ts, bytes }: TimedFrame, vlan: number): TimedFrame => ({
      ts,
      bytes: Uint8Array.from([...bytes.subarray(0, 12), 0x81, 0, 0, vlan, ...bytes.subarray(12)]),
    });
    const frames = every(10, 100, (ts) => [
      frame(answers(ts, router, laptop), 10),
      frame(datagram(ts + 1, router, laptop, [53, 40_000]), 10),
      frame(answers(ts + 2, twin, phone), 20),
      frame(datagram(ts + 3, twin, phone, [53, 40_000]), 20),
    ]);
    expect(sentencesOf(frames)).toEqual([]);
  });
});

describe('an address that is stolen is told, and the thief is who is blamed', () => {
  const thief = new Station('192.168.1.66', 'b4:b6:86:fb:db:07');
  const asRouter = thief.as(router.address);
  const talk = every(5, 60, (ts) => [datagram(ts, router, phone, [53, 40_001]), ...uses(ts + 1, phone)]);

  const kinds: [string, TimedFrame[]][] = [
    ['to one side, every two seconds', every(2, 60, (ts) => [answers(ts + 0.3, asRouter, phone)])],
    ['to one side, twice a minute', every(30, 10, (ts) => [answers(ts + 0.3, asRouter, phone)])],
    [
      'to both sides',
      every(2, 60, (ts) => [answers(ts + 0.3, asRouter, phone), answers(ts + 0.4, thief.as(phone.address), router)]),
    ],
    ['to everybody', every(4, 40, (ts) => [announces(ts + 0.3, asRouter)])],
    [
      'whenever somebody asks',
      [
        ...every(5, 60, (ts) => [answers(ts + 1.003, asRouter, phone)]),
        asks(1, thief, camera),
        asks(0.5, thief, laptop),
      ],
    ],
  ];
  it.each(kinds)('%s', (_, lies) => {
    for (const alerts of [alertsOf([...talk, ...lies]), alertsAfter(life, [...talk, ...lies])]) {
      const stolen = alerts.filter(({ kind }) => kind === 'spoofing');
      expect(stolen.length).toBeGreaterThan(0);
      expect(alerts).toHaveLength(stolen.length);
      for (const { address, hosts, sentence } of stolen) {
        expect(address).toBe(thief.macText);
        expect([router.address, phone.address]).toContain(hosts!.at(-1));
        const [who, whom] = sentence.split(' says since ');
        expect(who).toContain(thief.macText);
        expect(whom).toMatch(/that it is 192\.168\.1\.(1, which is at f8:1a:67:11:22:33|40)/);
      }
    }
  });

  it('to both sides by questions that the capture does not hold', () => {
    const frames = every(1, 30, (ts) => [
      answers(ts, router, phone.at(thief.macText)),
      answers(ts + 0.5, phone, router.at(thief.macText)),
    ]);
    const alerts = alertsOf(frames);
    expect(alerts.length).toBeGreaterThan(0);
    for (const alert of alerts) expect(alert).toMatchObject({ kind: 'spoofing', address: thief.macText });
  });

  it('also where the capture begins in the middle of it, and the owner is heard after the thief', () => {
    const lies = every(2, 30, (ts) => [answers(ts, asRouter, phone)]);
    const owner = every(6, 20, (ts) => [asks(ts, router, camera), datagram(ts + 1, router, phone, [53, 40_001])], 9);
    const [alert, ...others] = alertsOf([...lies, ...owner]);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ kind: 'spoofing', address: thief.macText });
  });
});
