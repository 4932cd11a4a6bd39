/** `guardian discover --active` on a network of its own: two devices and the machine that looks, joined by a bridge. */
import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Device } from '../../src/device/device.ts';
import { describeWith } from '../needs.ts';
import { bin } from './guardian.ts';

const ip = (...args: string[]) => spawnSync('ip', args, { encoding: 'utf8' });
const name = (role: string): string => `gd${process.pid}${role}`;
const [looker, router, camera] = ['a', 'b', 'c'].map(name);

/** Namespaces need root and a kernel that lets us. */
const missing = ip('netns', 'add', looker).status === 0 ? null : 'network namespaces, and the right to make them';
const SCRIPT = [
  ['netns', 'add', router],
  ['netns', 'add', camera],
  ['-n', router, 'link', 'add', 'br0', 'address', '50:c7:bf:00:00:01', 'type', 'bridge'],
  ['-n', router, 'link', 'add', 'p1', 'type', 'veth', 'peer', 'name', 'lan0', 'netns', looker],
  ['-n', router, 'link', 'add', 'p2', 'type', 'veth', 'peer', 'name', 'lan0', 'netns', camera],
  ...['p1', 'p2'].flatMap((port) => [
    ['-n', router, 'link', 'set', port, 'master', 'br0'],
    ['-n', router, 'link', 'set', port, 'up'],
  ]),
  ['-n', router, 'link', 'set', 'br0', 'up'],
  ['-n', router, 'address', 'add', '10.77.0.1/26', 'dev', 'br0'],
  ['-n', looker, 'address', 'add', '10.77.0.5/26', 'dev', 'lan0'],
  ['-n', camera, 'address', 'add', '10.77.0.20/26', 'dev', 'lan0'],
  ['-n', camera, 'link', 'set', 'lan0', 'address', 'ec:71:db:00:00:01'],
  ['-n', looker, 'link', 'set', 'lan0', 'up'],
  ['-n', camera, 'link', 'set', 'lan0', 'up'],
];

async function discover(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn('ip', ['netns', 'exec', looker, process.execPath, bin, 'discover', ...args]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

describeWith(missing, 'guardian discover --active in a network namespace', () => {
  beforeAll(() => {
    for (const args of SCRIPT) {
      const { status, stderr } = ip(...args);
      if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
    }
  });
  afterAll(() => {
    for (const namespace of [looker, router, camera]) ip('netns', 'del', namespace);
  });

  it('sends nothing unless it is asked to', async () => {
    const { code, stdout } = await discover('--interface', 'lan0', '--json');
    expect(code).toBe(0);
    const { method, devices } = JSON.parse(stdout) as { method: string; devices: Device[] };
    expect(method).toBe('neighbour table');
    expect(devices.map(({ ips }) => ips)).toEqual([['10.77.0.5']]);
  });

  it('finds who answers, with addresses and makers', async () => {
    const { code, stdout } = await discover('--active', '--interface', 'lan0', '--json');
    expect(code).toBe(0);
    const { devices, ...rest } = JSON.parse(stdout) as { devices: Device[]; interface: string; method: string };
    expect(rest.interface).toBe('lan0');
    expect(rest.method).toMatch(/^(?:arp-scan|nmap|sweep)$/);
    const found = new Map(devices.map((device) => [device.mac, device]));
    expect(found.get('50:c7:bf:00:00:01')).toMatchObject({ vendor: 'TP-Link', online: true });
    expect(found.get('50:c7:bf:00:00:01')?.ips).toContain('10.77.0.1');
    expect(found.get('ec:71:db:00:00:01')?.ips).toContain('10.77.0.20');
    expect(devices).toHaveLength(3);
  });

  it('knows no other interface', async () => {
    const { code, stderr } = await discover('--active', '--interface', 'eth0;id');
    expect(code).toBe(2);
    expect(stderr).toMatch(/There is no network interface eth0;id .*Interfaces of this machine: lan0/);
  });
});
