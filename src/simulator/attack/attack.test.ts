import { describe, expect, it } from 'vitest';
import { type AttackOptions, parseAttack } from '../options.ts';
import { simulate } from '../simulate.ts';
import { formatIp } from '../wire/address.ts';
import { anyAttackKinds } from './index.ts';

/** Each variant once, short, in a home that has all that they need. */
const variants = [
  'scan:type=telnet,duration=20',
  'scan:type=telnet,scope=lan,duration=20',
  'scan:type=ports',
  'scan:type=icmp',
  'brute-force:service=telnet,duration=30',
  'brute-force:service=ssh,duration=30',
  'brute-force:service=mqtt,duration=30',
  'beacon:type=reconnect,duration=120',
  'beacon:type=persist,duration=120',
  'beacon:type=tls,duration=120',
  'flood:type=syn,duration=5',
  'flood:type=udp,duration=5',
  'flood:type=icmp,duration=5,target=hub',
  'flood:type=http,duration=5',
  'slow-dos:type=http,duration=60',
  'slow-dos:type=mqtt,duration=60',
  'exfiltration:type=tls,megabytes=2',
  'exfiltration:type=raw,megabytes=2,from=intruder',
  'spoofing:type=arp,duration=30',
  'spoofing:type=dhcp,duration=30',
  'protocol-abuse:duration=30',
  'dns-tunnel:duration=30',
  'generated-names:duration=30',
  'silence:duration=200',
  'evasion:masked,amount=60,duration=60',
  'evasion:fragments,amount=60,duration=60',
  'evasion:echo,amount=2',
  'evasion:split,amount=3,duration=600',
  'evasion:icmp,amount=1,duration=60',
  'evasion:short-domain,amount=60,duration=60',
  'evasion:tcp-dns,amount=60,duration=60',
  'evasion:slow-outside,amount=30,duration=600',
  'evasion:slow-inside,amount=30,duration=600',
];

const run = (attack: AttackOptions) => {
  const home = simulate({ devices: 10, hours: 0.5, seed: 6, bulk: 0.002, attacks: [{ ...attack, at: 600 }] });
  let [malicious, first, last] = [0, 0, 0];
  const addresses = new Set<string>();
  for (const { ts, data, tag } of home) {
    if (tag.label === 'benign') continue;
    malicious++;
    first ||= ts;
    last = ts;
    if (data[12] === 8 && data[13] === 0) addresses.add(formatIp(data.subarray(26, 30)));
    if (data[12] === 8 && data[13] === 6) addresses.add(formatIp(data.subarray(28, 32)));
  }
  return { home, episode: home.episodes[0]!, malicious, first, last, addresses };
};

describe('every kind of attack', () => {
  it('has a variant in this suite', () => {
    const tested = new Set(variants.map((text) => text.split(':')[0]));
    expect([...tested].sort()).toEqual(anyAttackKinds.map(({ kind }) => kind).sort());
  });

  it.each(variants)('%s is there, labelled, and told in the truth', (text) => {
    const { home, episode, malicious, first, last, addresses } = run(parseAttack(text));
    expect(episode.kinds.length).toBeGreaterThan(0);
    expect((episode.onset - home.start) / 1e6).toBeGreaterThanOrEqual(600);
    expect((episode.onset - home.start) / 1e6).toBeLessThan(630);
    expect(episode.end).toBeGreaterThan(episode.onset);
    expect(episode.end).toBeLessThan(home.end);
    const [attacker] = [...episode.hosts];
    if (text.startsWith('silence')) {
      expect(malicious).toBe(0);
    } else {
      expect(malicious).toBeGreaterThan(20);
      expect([first, last]).toEqual([episode.onset, episode.end]);
      expect(addresses).toContain(attacker);
    }
  });
});

it('a probe in the name of a victim comes from the link-layer address that the truth names', () => {
  const { episode, home, malicious, addresses } = run(parseAttack('evasion:spoofed-victim'));
  const { mac } = home.devices.find(({ kind }) => kind === 'laptop')!;
  expect([...episode.hosts]).toEqual([mac]);
  expect(addresses).toContain(home.devices.find(({ kind }) => kind === 'camera')!.ip);
  expect(malicious).toBeGreaterThan(500);
});

describe('silence', () => {
  it('leaves not one frame of the device until it comes back', () => {
    const home = simulate({ devices: 8, hours: 0.5, seed: 6, attacks: [{ kind: 'silence', at: 600, duration: 500 }] });
    const camera = home.devices.find(({ kind }) => kind === 'camera')!;
    const mac = camera.mac.split(':').map((part) => Number.parseInt(part, 16));
    const counts = { before: 0, during: 0, after: 0 };
    for (const { ts, data } of home) {
      if (mac.some((byte, i) => data[6 + i] !== byte)) continue;
      const seconds = (ts - home.start) / 1e6;
      counts[seconds < 600 ? 'before' : seconds < 1100 ? 'during' : 'after']++;
    }
    expect(counts.before).toBeGreaterThan(20);
    expect(counts.during).toBe(0);
    expect(counts.after).toBeGreaterThan(20);
  });
});

describe('targets', () => {
  it('answer a port scan as they would: open ports with SYN-ACK, closed ones with RST', () => {
    const home = simulate({
      devices: ['hub', 'camera'],
      hours: 0.3,
      seed: 1,
      attacks: [{ kind: 'scan', type: 'ports', target: 'hub', ports: 300 }],
    });
    const answers = new Map<number, number>();
    for (const { data, tag } of home) {
      if (tag.label === 'benign' || data[23] !== 6) continue;
      const [port, flags] = [(data[34]! << 8) | data[35]!, data[47]!];
      if (flags === 0x12 || flags === 0x14) answers.set(port, flags);
    }
    const open = [...answers].filter(([, flags]) => flags === 0x12).map(([port]) => port);
    expect(open).toContain(22);
    expect(open).toContain(1883);
    expect(answers.get(23)).toBe(0x14);
    expect(answers.size).toBe(300);
  });
});
