/** `guardian monitor` on a real interface, with the real capture tool and real packets. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { simulateToFile } from '../../src/simulator/write.ts';
import { homeFrames } from '../capture/home-frames.ts';
import { writeCapture } from '../capture/write-capture.ts';
import { describeWith } from '../needs.ts';
import { createLab, type Lab, noLab, SCAN, SEND, startMonitor, type Watcher } from './lab.ts';

const isState = (wanted: string) => (line: { type?: string; state?: string }) =>
  line.type === 'state' && line.state === wanted;

describeWith(noLab, 'guardian monitor in a network of its own', () => {
  let lab: Lab;
  let folder: string;
  let watcher: Watcher | null;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'guardian-lab-'));
    watcher = null;
    lab = createLab();
  });
  afterEach(async () => {
    await watcher?.stop();
    lab.remove();
    rmSync(folder, { recursive: true });
  });

  test('lists new devices within 5 s, says nothing of ordinary traffic, and accounts for every packet', async () => {
    const capture = path.join(folder, 'home.pcap');
    const { devices } = await simulateToFile(capture, { devices: 4, hours: 0.02, seed: 7 });
    const state = path.join(folder, 'state.json');
    watcher = await startMonitor(lab, '--learn-hours', '0', '--state', state);
    const replayed = lab.replay(capture, '-x', '20');
    const { line, seconds } = await watcher.next(({ type, event }) => type === 'device' && event === 'found', 6);
    expect(Date.now() / 1000 - line.first_seen).toBeLessThan(5);
    expect(seconds).toBeLessThan(6);
    await replayed;
    expect(await watcher.stop()).toBe(0);
    const found = new Map(watcher.lines.filter(({ type }) => type === 'device').map((device) => [device.mac, device]));
    const spoke = devices.filter(({ mac }) =>
      readFileSync(capture).includes(Buffer.from(mac.replaceAll(':', ''), 'hex')),
    );
    expect(spoke.length).toBeGreaterThan(1);
    expect(spoke.filter(({ mac }) => !found.has(mac))).toEqual([]);
    expect(watcher.lines.filter(({ type }) => type === 'alert')).toEqual([]);

    const { offered, parsed, rejected, dropped } = watcher.lines.findLast(({ type }) => type === 'stats')!;
    const others = [...Object.values(rejected), ...Object.values(dropped)] as number[];
    expect(offered).toBe(others.reduce((total, count) => total + count, parsed));
    expect(parsed).toBeGreaterThan(50);

    // What was learned is kept, for its owner's eyes only, and known devices are not new after a restart.
    expect(statSync(state).mode & 0o777).toBe(0o600);
    const saved: string[] = JSON.parse(readFileSync(state, 'utf8')).devices.map(
      (device: { mac: string }) => device.mac,
    );
    expect(saved.length).toBeGreaterThan(1);
    watcher = await startMonitor(lab, '--learn-hours', '0', '--state', state);
    await lab.replay(capture, '-x', '40');
    await watcher.stop();
    const again = watcher.lines.filter(({ type, event }) => type === 'device' && event === 'found');
    expect(again.filter(({ mac }) => saved.includes(mac))).toEqual([]);
  });

  test('raises a scan within 10 s of its first packet, once', async () => {
    watcher = await startMonitor(lab, '--learn-hours', '0');
    const scanned = lab.run(process.execPath, '-e', SCAN, lab.address, '300');
    const { line, seconds } = await watcher.next(({ type }) => type === 'alert', 10);
    expect(line).toMatchObject({ kind: 'scan', updated: false, detector: expect.any(String) });
    expect(line.sentence).toContain(lab.inside);
    expect(seconds).toBeLessThan(10);
    await scanned;
    await watcher.stop();
    expect(watcher.lines.filter(({ type, updated }) => type === 'alert' && !updated)).toHaveLength(1);
  });

  test.each(['SIGKILL', 'SIGSTOP'] as const)(
    'a capture tool that gets %s: degraded within 5 s, and it recovers',
    async (signal) => {
      watcher = await startMonitor(lab, '--learn-hours', '0');
      const pid = watcher.captureTool();
      process.kill(pid, signal);
      const { line, seconds } = await watcher.next(isState('degraded'), 6);
      expect(seconds).toBeLessThan(5);
      expect(line.reason).toMatch(signal === 'SIGKILL' ? /SIGKILL/ : /does not answer/);
      await watcher.next(isState('watching'), 8);
      expect(watcher.captureTool()).not.toBe(pid);
      expect(existsSync(`/proc/${pid}`)).toBe(false);
      const gap = watcher.lines.findLast(({ type }) => type === 'gap')!;
      expect(gap.to - gap.from).toBeGreaterThan(0.5);
      // It sees again.
      await lab.run(process.execPath, '-e', SEND, lab.address, '20');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(await watcher.stop()).toBe(0);
      expect(watcher.lines.findLast(({ type }) => type === 'stats')!.parsed).toBeGreaterThanOrEqual(20);
    },
  );

  test('a link that goes down is told from a quiet network, and seen again when it is up', async () => {
    watcher = await startMonitor(lab, '--learn-hours', '0');
    const before = watcher.lines.length;
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(watcher.lines.slice(before).filter(({ type }) => type === 'state')).toEqual([]);
    lab.ip('link', 'set', lab.interface, 'down');
    const { line, seconds } = await watcher.next(isState('degraded'), 6);
    expect(seconds).toBeLessThan(5);
    expect(line.reason).toContain(`link of ${lab.interface} is down`);
    lab.ip('link', 'set', lab.interface, 'up');
    await watcher.next(isState('watching'), 8);
  });

  test('no connection is carried over what was not seen', async () => {
    watcher = await startMonitor(lab, '--learn-hours', '0', '--filter', 'udp port 9');
    const send = () => lab.run(process.execPath, '-e', SEND, lab.address, '5', '4444');
    await send();
    await send();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    process.kill(watcher.captureTool(), 'SIGKILL');
    await watcher.next(isState('degraded'), 6);
    await watcher.next(isState('watching'), 8);
    await send();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await watcher.stop();
    // One for all before the gap, as one it would be without the gap, and one after it.
    expect(watcher.lines.findLast(({ type }) => type === 'stats')).toMatchObject({ connections: 2, parsed: 15 });
  });

  test('an address that changes is no fault, and the device keeps its identity', async () => {
    watcher = await startMonitor(lab, '--learn-hours', '0');
    await lab.run(process.execPath, '-e', SEND, lab.address, '5');
    const before = watcher.lines.length;
    lab.ip('addr', 'del', `${lab.address}/24`, 'dev', lab.interface);
    lab.ip('addr', 'add', `${lab.address}/25`, 'dev', lab.interface);
    lab.moveInside();
    await lab.run(process.execPath, '-e', SEND, lab.address, '5');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(watcher.lines.slice(before).filter(({ type }) => type === 'state' || type === 'gap')).toEqual([]);
    expect(await watcher.stop()).toBe(0);
    expect(
      watcher.lines.filter(({ type, mac, event }) => type === 'device' && mac === lab.mac() && event === 'found'),
    ).toHaveLength(1);
    expect(watcher.lines.filter(({ type }) => type === 'alert')).toEqual([]);
  });

  test('every datagram that was sent is parsed or counted as dropped', async () => {
    watcher = await startMonitor(lab, '--learn-hours', '0', '--filter', 'udp port 9');
    await lab.run(process.execPath, '-e', SEND, lab.address, '500');
    await watcher.stop();
    const { offered, parsed, dropped } = watcher.lines.findLast(({ type }) => type === 'stats')!;
    expect(offered).toBe(500);
    expect(parsed + (dropped.kernel ?? 0) + (dropped.unread ?? 0)).toBe(500);
  });

  test('an interface that is removed and made again is watched again', async () => {
    watcher = await startMonitor(lab, '--learn-hours', '0');
    lab.ip('link', 'del', lab.interface);
    const { seconds } = await watcher.next(isState('degraded'), 6);
    expect(seconds).toBeLessThan(5);
    lab.join();
    await watcher.next(isState('watching'), 8);
    await lab.run(process.execPath, '-e', SEND, lab.address, '20');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await watcher.stop();
    expect(watcher.lines.findLast(({ type }) => type === 'stats')!.parsed).toBeGreaterThanOrEqual(20);
  });

  test('at far more than it can take, what is lost is counted to the packet, and it says that it is blind', async () => {
    // Of the home's frames those that this machine's own kernel does not send as well: IPv4 without IGMP.
    const frames = homeFrames(4_000).filter(({ bytes }) => bytes[12] === 8 && bytes[13] === 0 && bytes[23] !== 2);
    const capture = path.join(folder, 'flood.pcap');
    writeFileSync(capture, writeCapture(frames).bytes);
    const loops = Math.round(600_000 / frames.length);
    watcher = await startMonitor(lab, '--learn-hours', '0', '--filter', 'ip and not igmp');
    const replayed = lab.replay(capture, '--pps', '200000', '--loop', String(loops));
    // It may say so while packets still come, and that they are lost no more before they end.
    await watcher.next(isState('blind'), 20);
    await replayed;
    await watcher.stop();
    const { offered, parsed, rejected, dropped } = watcher.lines.findLast(({ type }) => type === 'stats')!;
    expect(offered).toBe(frames.length * loops);
    expect(dropped.kernel).toBeGreaterThan(0);
    const others = [...Object.values(rejected), ...Object.values(dropped)] as number[];
    expect(others.reduce((total, count) => total + count, parsed)).toBe(offered);
  });
});
