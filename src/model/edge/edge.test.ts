import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMachine, recommendSettings, serviceFile } from './advice.ts';
import { type Machine, readMachine } from './machine.ts';

const healthy: Machine = {
  model: 'Raspberry Pi 5 Model B Rev 1.0',
  architecture: 'arm64',
  cores: 4,
  memoryBytes: 8 * 2 ** 30,
  temperature: 48,
  throttling: { undervoltageNow: false, throttledNow: false, undervoltageSinceBoot: false, throttledSinceBoot: false },
  freeDiskBytes: 20 * 2 ** 30,
  tools: {
    dumpcap: null,
    tcpdump: '/usr/bin/tcpdump',
    nmap: '/usr/bin/nmap',
    'arp-scan': '/usr/sbin/arp-scan',
    ssh: null,
  },
};

describe('readMachine', () => {
  let root: string;
  const put = async (file: string, content: string) => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), content);
  };
  const read = () => readMachine({ root, searchPath: '/usr/bin', dataDirectory: root, architecture: 'arm64' });
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'guardian-machine-'));
  });
  afterAll(() => rm(root, { recursive: true }));

  it('says null where a machine does not tell', () => {
    expect(read()).toMatchObject({
      model: null,
      memoryBytes: null,
      temperature: null,
      throttling: null,
      tools: { tcpdump: null },
    });
    expect(checkMachine(read()).find(({ check }) => check === 'capture')?.state).toBe('problem');
  });

  it('reads a Raspberry Pi', async () => {
    await put('proc/device-tree/model', 'Raspberry Pi 4 Model B Rev 1.5\0');
    await put('proc/meminfo', 'MemTotal:        3884376 kB\nMemFree: 1 kB\n');
    await put('proc/cpuinfo', 'processor\t: 0\n\nprocessor\t: 1\n\nprocessor\t: 2\n\nprocessor\t: 3\n');
    await put('sys/class/thermal/thermal_zone0/temp', '61350\n');
    await put('sys/devices/platform/soc/soc:firmware/get_throttled', '50005\n');
    await put('usr/bin/tcpdump', '');
    await chmod(path.join(root, 'usr/bin/tcpdump'), 0o755);
    await put('usr/bin/nmap', 'not executable');
    await put('usr/sbin/arp-scan', '');
    await chmod(path.join(root, 'usr/sbin/arp-scan'), 0o755);
    const machine = read();
    expect(machine).toMatchObject({
      model: 'Raspberry Pi 4 Model B Rev 1.5',
      cores: 4,
      memoryBytes: 3884376 * 1024,
      temperature: 61.35,
      throttling: { undervoltageNow: true, throttledNow: true, undervoltageSinceBoot: true, throttledSinceBoot: true },
      tools: { dumpcap: null, tcpdump: '/usr/bin/tcpdump', nmap: null, 'arp-scan': '/usr/sbin/arp-scan', ssh: null },
    });
    expect(machine.freeDiskBytes).toBeGreaterThan(0);
  });

  it('reads the disk of a folder that is not there yet', () => {
    const dataDirectory = path.join(root, 'not', 'yet');
    const { freeDiskBytes } = readMachine({ root, searchPath: '', dataDirectory, architecture: 'x64' });
    expect(freeDiskBytes).toBeGreaterThan(0);
  });
});

describe('checkMachine', () => {
  const stateOf = (check: string, change: Partial<Machine>) =>
    checkMachine({ ...healthy, ...change }).find((finding) => finding.check === check);

  it('finds nothing wrong with a healthy Raspberry Pi 5', () => {
    expect(checkMachine(healthy).map(({ state }) => state)).toEqual(Array(8).fill('ok'));
  });

  it.each<[string, Partial<Machine>, string, string]>([
    ['model', { model: 'Raspberry Pi 3 Model B Plus Rev 1.3' }, 'warning', 'slower'],
    ['architecture', { architecture: 'arm' }, 'problem', 'is arm'],
    ['memory', { memoryBytes: 0.9 * 2 ** 30 }, 'warning', '0.9 GB'],
    ['memory', { memoryBytes: 0.5 * 2 ** 30 }, 'problem', '0.5 GB'],
    ['temperature', { temperature: 78 }, 'warning', '78 °C'],
    ['temperature', { throttling: { ...healthy.throttling!, throttledNow: true } }, 'problem', 'slowed down at 48 °C'],
    ['temperature', { throttling: { ...healthy.throttling!, throttledSinceBoot: true } }, 'warning', 'was slowed down'],
    ['power', { throttling: { ...healthy.throttling!, undervoltageNow: true } }, 'problem', 'too low'],
    ['power', { throttling: { ...healthy.throttling!, undervoltageSinceBoot: true } }, 'warning', 'was too low'],
    ['disk', { freeDiskBytes: 2 ** 30 }, 'warning', '1.0 GB'],
    ['disk', { freeDiskBytes: 2 ** 28 }, 'problem', '0.3 GB'],
    ['capture', { tools: { ...healthy.tools, tcpdump: null } }, 'problem', 'nothing can be captured'],
    ['discovery', { tools: { ...healthy.tools, nmap: null, 'arp-scan': null } }, 'warning', 'nmap and arp-scan are'],
  ])('%s: %o', (check, change, state, text) => {
    const finding = stateOf(check, change);
    expect(finding).toMatchObject({ state });
    expect(finding?.text).toContain(text);
    expect(finding?.advice).toBeTruthy();
  });
});

describe('recommendations', () => {
  it('grow with the machine', () => {
    expect(recommendSettings(healthy)).toEqual({ batchSize: 32, captureBufferKiB: 32_768, trainingWorkers: 3 });
    expect(recommendSettings({ ...healthy, memoryBytes: 2 ** 30, cores: 1 })).toEqual({
      batchSize: 16,
      captureBufferKiB: 4_096,
      trainingWorkers: 1,
    });
  });

  it('put the service file where systemd looks', () => {
    const unit = serviceFile({
      command: ['/usr/bin/node', '/opt/guardian/bin/guardian.cjs'],
      dataDirectory: '/var/lib/g',
      user: 'pi',
      interface: 'eth0',
    });
    expect(unit.path).toBe('/etc/systemd/system/home-iot-guardian.service');
    expect(unit.text).toContain(
      'ExecStart=/usr/bin/node /opt/guardian/bin/guardian.cjs serve --no-auth --data /var/lib/g --interface eth0\n',
    );
    expect(unit.text).toContain('User=pi\n');
  });
});
