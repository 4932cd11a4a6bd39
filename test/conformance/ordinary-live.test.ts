/** Half an hour of an ordinary home through the live monitor, from the first packet on: devices are found, nothing is raised. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MonitorEvent } from '../../src/monitor/monitor-event.ts';
import { Monitor } from '../../src/monitor/worker/monitor.ts';
import { simulateToFile } from '../../src/simulator/write.ts';
import { readCapture } from '../../src/source/capture/read-capture.ts';
import type { LiveSink, LiveSource } from '../../src/source/live/source.ts';
import type { SourceStats } from '../../src/source/source.ts';

/** A capture as if it came from an interface, as fast as it is taken. */
class Recorded implements LiveSource {
  readonly name = 'recorded';
  readonly gaps = [];
  readonly starts = 1;
  readonly #file: string;
  #stats: SourceStats | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  async start(sink: LiveSink): Promise<void> {
    sink.onState('watching', null);
    this.#stats = await readCapture(this.#file, (packet) => sink.onPacket(packet));
  }

  async stop(): Promise<void> {}

  account() {
    const { offered, parsed, rejected, dropped } = this.#stats!;
    return { offered, parsed, rejected: { ...rejected }, dropped };
  }
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guardian-ordinary-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.each([1, 2, 3])('home %i', (seed) => {
  test.each([
    ['while it learns', 86_400],
    ['without any past', 0],
  ])('nothing is raised in half an hour, %s', async (_, learnSeconds) => {
    const file = path.join(folder, 'home.pcap');
    const { devices, packets } = await simulateToFile(file, { devices: 12, hours: 0.5, seed });
    const events: MonitorEvent[] = [];
    const onTrouble = (error: Error): never => expect.unreachable(error.message);
    const source = new Recorded(file);
    const monitor = new Monitor({ source, learnSeconds, onTrouble, onEvent: (event) => events.push(event) });
    await monitor.restore();
    await monitor.start();
    const { offered, parsed } = await monitor.stop();
    const alerts = events.filter((event) => event.type === 'alert');
    expect(alerts.map(({ sentence }) => sentence)).toEqual([]);
    expect(offered).toBe(packets);
    expect(parsed).toBe(packets);
    const found = new Set(events.filter((event) => event.type === 'device').map(({ mac }) => mac));
    // Phones may be out with their owners.
    expect(devices.filter(({ mac }) => found.has(mac)).length).toBeGreaterThanOrEqual(devices.length - 3);
  });
});
