import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeCapture } from '../../test/capture/write-capture.ts';
import { captureCommand } from '../source/live/tool.ts';
import { describeListening, listen } from './sight.ts';

const OWN = [2, 0, 0, 0, 0, 1];
const CAMERA = [2, 0, 0, 0, 0, 2];
const CLOUD = [2, 0, 0, 0, 0, 3];
const ALL = [255, 255, 255, 255, 255, 255];
const MDNS = [1, 0, 0x5e, 0, 0, 0xfb];

async function heard(frames: number[][][]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'guardian-sight-'));
  const written = frames.map(([to, from], second) => ({
    ts: second * 1e6,
    bytes: new Uint8Array([...to, ...from, 8, 0, ...new Uint8Array(46)]),
  }));
  writeFileSync(path.join(folder, 'capture.pcap'), writeCapture(written).bytes);
  const tool = path.join(folder, 'tcpdump');
  writeFileSync(tool, `#!/bin/sh\ncat ${folder}/capture.pcap\n`);
  chmodSync(tool, 0o755);
  const sight = await listen(
    captureCommand({ kind: 'tcpdump', path: tool }, { interface: 'lan' }),
    new Set(['02:00:00:00:00:01']),
    60,
  );
  rmSync(folder, { recursive: true });
  return sight;
}

test('an ordinary port shows own traffic and broadcasts, and is called that', async () => {
  const sight = await heard([
    [OWN, CAMERA],
    [CAMERA, OWN],
    [ALL, CAMERA],
    [MDNS, CLOUD],
  ]);
  expect(sight).toEqual({ own: 2, broadcast: 2, others: 0 });
  expect(describeListening('lan', sight, 60)).toContain('an ordinary switch port');
});

test('frames from one device to another show a mirror', async () => {
  const sight = await heard([
    [OWN, CAMERA],
    [CLOUD, CAMERA],
    [CAMERA, CLOUD],
  ]);
  expect(sight).toEqual({ own: 1, broadcast: 0, others: 2 });
  expect(describeListening('lan', sight, 60)).toMatch(/^In 60 s 2 frames between other devices passed lan/);
});

test('silence is not called a switch port', () => {
  expect(describeListening('lan', { own: 0, broadcast: 0, others: 0 }, 5)).toBe('In 5 s nothing at all passed lan.');
});
