import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deviceKinds } from '../../src/simulator/device/index.ts';
import { parseAttack } from '../../src/simulator/options.ts';
import { simulateToFile } from '../../src/simulator/write.ts';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;

const attacks = [
  'scan:duration=20',
  'scan:type=ports,from=intruder',
  'scan:type=icmp',
  'brute-force:duration=40',
  'brute-force:service=ssh,duration=40',
  'brute-force:service=mqtt,duration=40',
  'beacon:duration=100',
  'beacon:type=persist,duration=100',
  'beacon:type=tls,duration=100',
  'flood:duration=4',
  'flood:type=udp,duration=4',
  'flood:type=icmp,duration=4,target=hub',
  'flood:type=http,duration=10',
  'slow-dos:duration=60',
  'slow-dos:type=mqtt,duration=60',
  'exfiltration:megabytes=2',
  'exfiltration:type=raw,megabytes=2',
  'spoofing:duration=60',
  'spoofing:type=dhcp,duration=40',
  'protocol-abuse:duration=40',
  'dns-tunnel:duration=40',
  'generated-names:duration=40',
  'silence:duration=120',
];

describe.skipIf(!hasTshark)(
  'tshark reads the capture (skipped where it is not installed)',
  { timeout: 240_000 },
  () => {
    let folder: string;
    let file: string;
    const tshark = (...args: string[]): string[] => {
      const out = execFileSync('tshark', ['-r', file, ...args], {
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 1 << 28,
      });
      return out.toString().trim().split('\n').filter(Boolean);
    };
    beforeAll(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'simulator-'));
      file = path.join(folder, 'home.pcap');
      const devices = deviceKinds.map(({ kind }) => kind);
      await simulateToFile(file, { devices, hours: 3, seed: 12, bulk: 0.002, attacks: attacks.map(parseAttack) });
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('without a malformed packet, an error or a wrong checksum', () => {
      const checked = ['ip', 'tcp', 'udp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]);
      const wrong = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6', 'igmp'].map((protocol) => `${protocol}.checksum.status==0`);
      const filter = ['_ws.malformed', '_ws.expert.severity==error', ...wrong].join(' || ');
      expect(tshark(...checked, '-Y', filter)).toEqual([]);
    });

    it('and finds the protocols of a home in it', () => {
      const hierarchy = tshark('-q', '-z', 'io,phs').join('\n');
      const protocols = [
        'arp',
        'dhcp',
        'dns',
        'mdns',
        'ssdp',
        'ntp',
        'icmp',
        'icmpv6',
        'igmp',
        'tls',
        'quic',
        'http',
        'mqtt',
        'ssh',
        'telnet',
        'snmp',
      ];
      for (const protocol of protocols) expect(hierarchy).toMatch(new RegExp(`^\\s*${protocol}\\s`, 'm'));
    });

    it('and server names in the hellos, in TCP and in QUIC', () => {
      const names = (protocol: string): string[] =>
        tshark(
          '-Y',
          `${protocol} && tls.handshake.extensions_server_name`,
          '-T',
          'fields',
          '-e',
          'tls.handshake.extensions_server_name',
        );
      expect(names('tcp').length).toBeGreaterThan(50);
      expect(names('quic').length).toBeGreaterThan(10);
    });
  },
);
