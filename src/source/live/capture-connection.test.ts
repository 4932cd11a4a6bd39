/** The watchdog at the socket of a capture service; the real one runs in test/release/. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeCapture } from '../../../test/capture/write-capture.ts';
import { CaptureSource } from './capture-source.ts';
import { interfaceNames } from './interfaces.ts';
import type { Gap, SourceState } from './source.ts';
import { captureSocket } from './tool.ts';

const loopback = interfaceNames().find((name) => name === 'lo' || name === 'lo0')!;
const { bytes: capture } = writeCapture([1, 2, 3].map((second) => ({ ts: second * 1e6, bytes: new Uint8Array(60) })));

let folder: string;
let server: Server | undefined;
let source: CaptureSource;
const seen = { packets: 0, states: [] as { state: SourceState; reason: string | null }[], gaps: [] as Gap[] };

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guardian-socket-'));
  Object.assign(seen, { packets: 0, states: [], gaps: [] });
});
afterEach(async () => {
  await source.stop();
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

async function listen(onConnection: (socket: Socket) => void): Promise<void> {
  server = createServer(onConnection);
  await new Promise<void>((resolve) => server!.listen(path.join(folder, 'capture.sock'), resolve));
}

function watch(): void {
  source = new CaptureSource(
    loopback,
    captureSocket({ socket: path.join(folder, 'capture.sock'), interface: loopback }),
  );
  source.start({
    onPacket: () => void seen.packets++,
    onConn: () => {},
    onState: (state, reason) => void seen.states.push({ state, reason }),
    onGap: (gap) => void seen.gaps.push(gap),
  });
}

test('a connection that ends is a gap, and the next one goes on', async () => {
  const sockets: Socket[] = [];
  await listen((socket) => void sockets.push(socket.on('error', () => {})));
  watch();
  await vi.waitFor(() => expect(sockets).toHaveLength(1), { timeout: 30_000 });
  sockets[0].write(capture);
  await vi.waitFor(() => expect(seen.states.at(-1)?.state).toBe('watching'), { timeout: 30_000 });
  sockets[0].end();
  await vi.waitFor(() => expect(sockets).toHaveLength(2), { timeout: 30_000 });
  sockets[1].write(capture);
  await vi.waitFor(() => expect(seen.gaps.at(-1)?.to).not.toBeNull(), { timeout: 30_000 });
  expect(seen.gaps[0].reason).toBe('the capture service closed the connection');
  await source.stop();
  expect(source.account()).toEqual({ offered: 6, parsed: 6, rejected: {}, dropped: {} });
});

test.each([
  ['nobody listens', () => {}, /^the capture service cannot be reached at .+capture\.sock: ENOENT$/],
  [
    'the tool has no right to capture',
    () => listen((socket) => void socket.end()),
    /closed the connection before it captured anything: see "journalctl -u 'guardian-capture@\*'"$/,
  ],
  [
    'it sends no capture',
    () => listen((socket) => void socket.end('hello, who is there? '.repeat(9))),
    /cannot be analysed/,
  ],
])('where %s the reason is said', async (_, prepare, reason) => {
  await prepare();
  watch();
  await vi.waitFor(
    () => expect(seen.states.at(-1)).toMatchObject({ state: 'degraded', reason: expect.stringMatching(reason) }),
    {
      timeout: 30_000,
    },
  );
});
