import { describe, expect, it } from 'vitest';
import { parseArpScan } from './arp-scan.ts';
import { parseIpNeigh, parseProcArp } from './neighbour-table.ts';
import { chooseNetwork, cidrOf, hostsOf, type OwnNetwork } from './network.ts';
import { parseNmap } from './nmap.ts';
import { run } from './tool.ts';

const network = (address: string, prefix: number): OwnNetwork => ({
  interface: 'eth7',
  address,
  mac: '02:00:00:00:00:01',
  prefix,
});

describe('the own network', () => {
  it('is every host but this one, up to /22', () => {
    const hosts = hostsOf(network('192.168.1.10', 24));
    expect(hosts).toHaveLength(253);
    expect([hosts[0], hosts.at(-1)]).toEqual(['192.168.1.1', '192.168.1.254']);
    expect(hosts).not.toContain('192.168.1.10');
    expect(hostsOf(network('192.168.3.10', 22))).toHaveLength(1021);
    expect(hostsOf(network('10.0.0.1', 31))).toEqual(['10.0.0.0']);
    expect(cidrOf(network('192.168.3.10', 22))).toBe('192.168.0.0/22');
    expect(cidrOf(network('250.1.2.3', 8))).toBe('250.0.0.0/8');
  });

  it('is refused when it is larger', () => {
    expect(() => hostsOf(network('10.0.0.1', 16))).toThrow(expect.objectContaining({ code: 'subnet_too_large' }));
  });

  it('is one of the interfaces of this machine, and nothing else', () => {
    const known = [network('192.168.1.10', 24)];
    expect(chooseNetwork('eth7', known)).toBe(known[0]);
    for (const name of ['eth8', '-oN/tmp/x', 'eth7; reboot', '']) {
      expect(() => chooseNetwork(name, known)).toThrow(expect.objectContaining({ code: 'unknown_interface' }));
    }
  });
});

describe('answers', () => {
  it('of arp-scan', () => {
    const output = [
      'Interface: eth0, type: EN10MB, MAC: 00:0c:29:aa:bb:cc, IPv4: 192.168.1.10',
      'Starting arp-scan 1.10.0 with 256 hosts (https://github.com/royhills/arp-scan)',
      '192.168.1.1\t50:C7:BF:00:00:01\tTP-LINK TECHNOLOGIES CO.,LTD.',
      '192.168.1.20\tec:71:db:00:00:01\t(Unknown)',
      '',
      '2 packets received by filter, 0 packets dropped by kernel',
    ].join('\n');
    expect(parseArpScan(output)).toEqual([
      { address: '192.168.1.1', mac: '50:c7:bf:00:00:01' },
      { address: '192.168.1.20', mac: 'ec:71:db:00:00:01' },
    ]);
  });

  it('of nmap, where it knows hardware addresses', () => {
    const output = `<nmaprun><host><status state="up" reason="arp-response"/>
      <address addr="192.168.1.20" addrtype="ipv4"/><address addr="EC:71:DB:00:00:01" addrtype="mac" vendor="x"/></host>
      <host><status state="down"/><address addr="192.168.1.21" addrtype="ipv4"/></host>
      <host><status state="up"/><address addr="192.168.1.10" addrtype="ipv4"/></host></nmaprun>`;
    expect(parseNmap(output)).toEqual([{ address: '192.168.1.20', mac: 'ec:71:db:00:00:01' }]);
  });

  it('of the kernel, without those that never answered', () => {
    const json = JSON.stringify([
      { dst: '192.168.1.1', lladdr: '50:c7:bf:00:00:01', state: ['REACHABLE'] },
      { dst: 'fe80::1', lladdr: '50:c7:bf:00:00:01', router: null, state: ['STALE'] },
      { dst: '192.168.1.9', state: ['FAILED'] },
      { dst: '224.0.0.22', lladdr: '01:00:5e:00:00:16', state: ['NOARP'] },
    ]);
    expect(parseIpNeigh(json).map(({ address }) => address)).toEqual(['192.168.1.1', 'fe80::1']);
    const table = `IP address       HW type     Flags       HW address            Mask     Device
192.168.1.1      0x1         0x2         50:c7:bf:00:00:01     *        eth0
192.168.1.9      0x1         0x0         00:00:00:00:00:00     *        eth0
192.168.2.1      0x1         0x2         50:c7:bf:00:00:02     *        eth1
`;
    expect(parseProcArp(table, 'eth0')).toEqual([{ address: '192.168.1.1', mac: '50:c7:bf:00:00:01' }]);
  });
});

describe('a tool', () => {
  it('that is missing or fails gives nothing', async () => {
    expect(await run('no-such-tool-here', [], { timeoutMs: 1000 })).toBeNull();
    expect(await run(process.execPath, ['-e', 'process.exit(3)'], { timeoutMs: 10_000 })).toBeNull();
  });

  it('gets its arguments as they are, without a shell', async () => {
    const hostile = '$(touch /tmp/x); `id` "';
    const args = ['-e', 'process.stdout.write(process.argv[1])', hostile];
    expect(await run(process.execPath, args, { timeoutMs: 10_000 })).toBe(hostile);
  });
});
