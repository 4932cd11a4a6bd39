/** Forged packets come by the clock; programs that get no answer wait longer each time and give up. */
import { describe, expect, it } from 'vitest';
import { answers, asks, camera, laptop, phone, router } from '../ordinary/station.ts';
import { alertsAfter, alertsOf, sentencesOf } from '../ordinary/watch.ts';
import { call } from './conversation.ts';

const told = (frames: Parameters<typeof alertsOf>[0]) => alertsOf(frames).map(({ kind, hosts }) => [kind, hosts]);
const times = (count: number, every: number): number[] => Array.from({ length: count }, (_, i) => i * every);

describe('what no program does', () => {
  it('the same call again and again, by the clock', () => {
    const frames = times(40, 1).flatMap((ts) => call(ts, { client: phone, server: camera, port: 9999 }));
    expect(told(frames)).toEqual([['beacon', [phone.address, camera.address]]]);
  });

  it('ten requests a second for an address', () => {
    const frames = times(2000, 0.1).map((ts) => asks(ts, phone, camera));
    expect(told(frames)).toEqual([['flood', [phone.address, camera.address]]]);
    expect(alertsOf(frames)[0].sentence).toContain('ARP requests');
  });
});

describe('a device that is answered and asks again every second', () => {
  const asked = times(900, 1).flatMap((ts) => [asks(ts, phone, camera), answers(ts + 0.01, camera, phone)]);
  const quiet = times(40, 20).flatMap((ts) => [asks(ts, phone, router), answers(ts + 0.01, router, phone)]);
  it('is told where it never did so', () => {
    const [alert, ...others] = alertsAfter(
      [...quiet, ...call(1, { client: phone, server: camera, port: 80 }, true)],
      asked,
    );
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ kind: 'flood', hosts: [phone.address, camera.address], evidence: { proto: 'arp' } });
  });

  it('may look whether the line works, as bonded cards do', () => {
    expect(sentencesOf([...asked, ...call(1, { client: phone, server: camera, port: 80 }, true)])).toEqual([]);
  });
});

describe('what programs do', () => {
  it('a call to a device that is off: seven SYNs, each later than the one before', () => {
    const backOff = [0, 1, 3, 7, 15, 31, 63];
    expect(sentencesOf(backOff.flatMap((ts) => call(ts, { client: phone, server: camera, port: 443 })))).toEqual([]);
  });

  it('a ping of a device that is off: a request a second, for minutes', () => {
    expect(sentencesOf(times(300, 1).map((ts) => asks(ts, laptop, camera)))).toEqual([]);
  });

  it('a minute of haste when a device starts', () => {
    expect(sentencesOf(times(600, 0.1).map((ts) => asks(ts, laptop, camera)))).toEqual([]);
  });

  it('a router that asks for its devices', () => {
    const rounds = times(20, 10).flatMap((ts) =>
      [phone, laptop, camera].map((one, i) => asks(ts + i / 10, router, one)),
    );
    expect(sentencesOf(rounds)).toEqual([]);
  });
});
