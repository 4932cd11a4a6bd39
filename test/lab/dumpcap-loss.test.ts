/** dumpcap says what it lost at its end only; meanwhile the counters of the interface tell. */
import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CaptureSource } from '../../src/source/live/capture-source.ts';
import { captureCommand } from '../../src/source/live/tool.ts';
import { describeWith } from '../needs.ts';
import { createLab, type Lab, noLab, tools } from './lab.ts';

/** Datagrams of 100 bytes, as many as it can for so many seconds. */
const FLOOD = `
  const socket = require('node:dgram').createSocket('udp4').on('error', () => {});
  const [address, seconds] = process.argv.slice(1);
  const timer = setInterval(() => {
    for (let i = 0; i < 60; i++) socket.send('x'.repeat(100), 53, address, () => {});
  }, 10);
  setTimeout(() => { clearInterval(timer); socket.close(); }, 1000 * Number(seconds));`;

/** A reader that takes a millisecond for each frame: a machine that is too slow. */
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const takeLong = (): void => void Atomics.wait(sleeper, 0, 0, 1);

describeWith(noLab ?? (tools.dumpcap === null ? 'dumpcap' : null), 'a reader that is too slow for dumpcap', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = createLab();
  });
  afterEach(() => lab.remove());

  test('is blind, and counts what is lost, while it goes on', async () => {
    const settings = { interface: lab.interface, bufferMiB: 1 };
    const source = new CaptureSource('lab', captureCommand({ kind: 'dumpcap', path: tools.dumpcap! }, settings));
    const states: string[] = [];
    source.start({
      onPacket: takeLong,
      onConn: () => {},
      onState: (state, reason) => void states.push(`${state} ${reason}`),
      onGap: () => {},
    });
    await expect.poll(() => states.at(-1), { timeout: 20_000 }).toMatch(/^watching/);
    const flood: ChildProcess = lab.start(process.execPath, '-e', FLOOD, lab.address, '25');
    await expect.poll(() => states.at(-1), { timeout: 30_000 }).toMatch(/^blind \d+ % of the packets are lost/);
    const { offered, parsed, rejected, dropped } = source.account();
    expect(dropped.kernel).toBeGreaterThan(0);
    const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0);
    expect(offered).toBe(parsed + refused + Object.values(dropped).reduce((sum, count) => sum + count, 0));
    flood.kill();
    await source.stop();
    // The estimate was a floor.
    expect(source.account().dropped.kernel).toBeGreaterThanOrEqual(dropped.kernel);
  });
});
