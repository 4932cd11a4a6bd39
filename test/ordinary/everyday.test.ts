/** Things of everyday life that look like an attack in one way or another. */
import { describe, expect, it } from 'vitest';
import { bytesOf, call, connection, random } from '../attack/conversation.ts';
import { answers, asks, camera, datagram, laptop, looksUp, outside, phone, router, Station } from './station.ts';
import { sentencesOf } from './watch.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const nas = new Station('192.168.1.11', '00:11:32:00:00:0b');
const cloud = outside('198.51.100.90');

describe('what is ordinary raises nothing', () => {
  it('a camera that sends its pictures to its cloud by a protocol of its own, on the port of secure pages', () => {
    const pictures = range(100).map((i) => ({ by: 'client' as const, after: 1, what: random(7000, i) }));
    const words = [{ by: 'client' as const, after: 0.1, what: random(200) }, ...pictures];
    expect(sentencesOf(connection(1, { client: camera, server: cloud, port: 443 }, words))).toEqual([]);
  });

  it('a device whose maker has switched its server off calls it by name for ever', () => {
    const calls = range(400).flatMap((i) =>
      call(1 + 10 * i, { client: camera, server: cloud, port: 443, fromPort: 30_000 + i }, true),
    );
    expect(sentencesOf([...looksUp(0, camera, 'cloud.example.com', cloud), ...calls])).toEqual([]);
  });

  it('short lines of a log in bulk, from one port and from a port for each', () => {
    const line = bytesOf('<134>kernel: short');
    const one = range(2000).map((i) => datagram(i / 1000, router, nas, [514, 514], line));
    expect(sentencesOf(one)).toEqual([]);
    const each = range(1000).map((i) => datagram(i / 150, router, nas, [30_000 + i, 514], line));
    expect(sentencesOf(each)).toEqual([]);
  });

  it('a mail server that asks a list of senders by their addresses', () => {
    const asked = range(300).flatMap((i) =>
      looksUp(i / 2, nas, `${i % 250}.${i}.0.192.list.blocks.example`, null, i).slice(0, 2),
    );
    expect(sentencesOf(asked)).toEqual([]);
  });

  it('a server that starts asks for its forty devices by ARP, and all are there', () => {
    const frames = range(40).flatMap((i) => {
      const device = new Station(`192.168.1.${100 + i}`, `44:19:b6:00:01:${(16 + i).toString(16)}`);
      return [asks(0.5 * i, nas, device), answers(0.5 * i + 0.001, device, nas)];
    });
    expect(sentencesOf(frames)).toEqual([]);
  });

  it('a phone that asks for a few dozen addresses in many minutes', () => {
    const nobody = (i: number) => new Station(`192.168.1.${100 + i}`, '00:00:00:00:00:00');
    expect(sentencesOf(range(30).map((i) => asks(4 * i, phone, nobody(i))))).toEqual([]);
  });

  it('a page of a manual that shows what commands print', () => {
    const page = `HTTP/1.1 200 OK\r\n\r\n<html>${'<p>manual</p>'.repeat(40)}uid=0(root) gid=0(root)</html>`;
    const ask = 'GET /search?q=how+to+use+cat&cmd=show HTTP/1.1\r\nHost: docs.example\r\nUser-Agent: Mozilla\r\n\r\n';
    const words = [
      { by: 'client' as const, after: 0.1, what: bytesOf(ask) },
      { by: 'server' as const, after: 0.1, what: bytesOf(page) },
    ];
    expect(sentencesOf(connection(1, { client: laptop, server: nas, port: 80 }, words))).toEqual([]);
  });
});
