/** Guesses in protocols that ask for a password in their own way, shells of the web, chats of bots, and slow sweeps. */
import { describe, expect, it } from 'vitest';
import { asks, camera, laptop, looksUp, outside, Station } from '../ordinary/station.ts';
import { alertsOf, type TimedFrame } from '../ordinary/watch.ts';
import { bytesOf, connection, type Said } from './conversation.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const nas = new Station('192.168.1.11', '00:11:32:00:00:0b');
const stranger = outside('203.0.113.77');
const says = (by: Said['by'], words: string): Said => ({ by, after: 0.02, what: bytesOf(words) });
const kinds = (frames: readonly TimedFrame[]): string[] => alertsOf(frames).map(({ kind }) => kind);

describe('passwords are guessed', () => {
  const tries: [string, number, (i: number) => Said[]][] = [
    [
      'of Redis',
      6379,
      (i) => [
        says('client', `*2\r\n$4\r\nAUTH\r\n$6\r\nguess${i}\r\n`),
        says('server', '-WRONGPASS invalid username-password pair or user is disabled.\r\n'),
      ],
    ],
    [
      'of a form whose fields have names of their own',
      80,
      (i) => [
        says('client', `POST /cgi-bin/luci HTTP/1.1\r\nHost: x\r\n\r\nluci_username=root&luci_password=guess${i}`),
        says('server', 'HTTP/1.1 403 Forbidden\r\n\r\n'),
      ],
    ],
    [
      'of a camera, by RTSP Digest',
      554,
      (i) => [
        says('client', `DESCRIBE rtsp://x/1 RTSP/1.0\r\nAuthorization: Digest nonce="1", response="${i}"\r\n\r\n`),
        says('server', 'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\n\r\n'),
      ],
    ],
  ];
  it.each(tries)('%s', (_, port, lines) => {
    const frames = range(30).flatMap((i) =>
      connection(1 + i, { client: laptop, server: nas, port, fromPort: 40_000 + i, closes: true }, lines(i)),
    );
    const [alert] = alertsOf(frames);
    expect(alert).toMatchObject({ kind: 'brute-force', hosts: [laptop.address, nas.address] });
    expect(alert.evidence).toMatchObject({ attempts: 30, refused: 30 });
  });
});

describe('a machine under control', () => {
  it('runs commands that web requests carry, and answers with what they print', () => {
    const ask = 'GET /uploads/a.php?cmd=id HTTP/1.1\r\nHost: x\r\nUser-Agent: Mozilla\r\n\r\n';
    const words = [says('client', ask), says('server', 'HTTP/1.1 200 OK\r\n\r\nuid=33(www) gid=33(www)\n')];
    const [alert] = alertsOf(connection(1, { client: stranger, server: nas, port: 80 }, words));
    expect(alert).toMatchObject({ kind: 'remote-control', hosts: [nas.address, stranger.address] });
    expect(alert.sentence).toContain('a web request carries a command');
  });

  it('enters a chat by IRC at an address that it has never looked up, and stays', () => {
    const pings = range(20).flatMap((): Said[] => [
      { ...says('server', 'PING :irc\r\n'), after: 90 },
      says('client', 'PONG :irc\r\n'),
    ]);
    const words = [
      says('client', 'NICK bot1\r\nUSER bot 8 * :x\r\n'),
      says('server', ':irc 001 bot1 :hi\r\n'),
      ...pings,
    ];
    const chat = connection(700, { client: camera, server: stranger, port: 6667 }, words);
    const frames = [...looksUp(1, camera, 'cloud.example.com', outside('198.51.100.9')), ...chat];
    expect(kinds(frames)).toContain('remote-control');
    // People chat with servers that have names.
    expect(kinds([...looksUp(699, camera, 'irc.example.com', stranger), ...chat])).toEqual([]);
  });
});

it('a slow sweep asks for addresses that nobody has', () => {
  const nobody = (i: number) => new Station(`192.168.1.${1 + i}`, '00:00:00:00:00:00');
  const [alert, ...others] = alertsOf(range(200).map((i) => asks(3 * i, laptop, nobody(i))));
  expect(others).toEqual([]);
  expect(alert).toMatchObject({ kind: 'scan', evidence: { proto: 'arp' } });
  expect(Number(alert.evidence.addresses)).toBeGreaterThan(190);
});
