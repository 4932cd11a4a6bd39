/** Clients that log in all day with the right password, and servers that ask for it first; and who guesses. */
import { describe, expect, it } from 'vitest';
import { Endpoint4, Script } from '../capture/tcp-script.ts';
import { alertsOf, sentencesOf, type TimedFrame } from './watch.ts';

const text = (words: string): Uint8Array => Uint8Array.from(Buffer.from(words, 'latin1'));

type Line = [from: 'client' | 'server', words: string | number];

/** One connection that says the lines, one every ten milliseconds. */
function talk(ts: number, port: number, serverPort: number, lines: readonly Line[]): TimedFrame[] {
  const script = new Script(
    new Endpoint4('192.168.1.10', port),
    new Endpoint4('192.168.1.70', serverPort),
    port * 1000,
  );
  script
    .syn(ts)
    .synAck(ts + 0.001)
    .ack(ts + 0.002);
  lines.forEach(([from, words], i) => {
    const payload = typeof words === 'string' ? text(words) : words;
    if (from === 'client') script.orig(ts + 0.01 * (i + 1), 'PA', payload);
    else script.resp(ts + 0.01 * (i + 1), 'PA', payload);
  });
  const end = ts + 0.01 * (lines.length + 1);
  return script
    .orig(end, 'FA')
    .resp(end + 0.001, 'FA')
    .ack(end + 0.002).frames;
}

const many = (count: number, every: number, port: number, lines: (i: number) => Line[]): TimedFrame[] =>
  Array.from({ length: count }, (_, i) => talk(1 + i * every, 40_000 + i, port, lines(i))).flat();

const get = (header = ''): string => `GET /snapshot.jpg HTTP/1.1\r\nHost: 192.168.1.70\r\n${header}\r\n`;
const digest = (i: number): string => `Authorization: Digest username="a", nonce="${i}", response="${i * 7919}"\r\n`;
const ASKS = 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="camera", nonce="1"\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n';

const ordinary: [string, (i: number) => Line[], number][] = [
  [
    'HTTP Digest: 401, then 200',
    (i) => [
      ['client', get()],
      ['server', ASKS],
      ['client', get(digest(i))],
      ['server', OK],
    ],
    80,
  ],
  [
    'HTTP Digest with a number that is used up: stale, then 200',
    (i) => [
      ['client', get(digest(i))],
      ['server', ASKS.replace('nonce="1"', `nonce="1", stale=true`)],
      ['client', get(digest(-i))],
      ['server', OK],
    ],
    80,
  ],
  [
    'NTLM: two questions, then 200',
    (i) => [
      ['client', get()],
      ['server', 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\n\r\n'],
      ['client', get('Authorization: NTLM TlRMTVNTUAABAAAAB4IIogAA\r\n')],
      ['server', 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM TlRMTVNTUAACAAAA\r\n\r\n'],
      ['client', get(`Authorization: NTLM TlRMTVNTUAADAAAA${i}\r\n`)],
      ['server', OK],
    ],
    80,
  ],
  [
    'HTTP Basic',
    () => [
      ['client', get('Authorization: Basic YTpi\r\n')],
      ['server', OK],
    ],
    80,
  ],
  [
    'a password in every call of an API',
    () => [
      ['client', 'POST /api HTTP/1.1\r\n\r\n{"user":"hub","password":"correct horse"}'],
      ['server', OK],
    ],
    8080,
  ],
  [
    'a compass that reports where it points',
    (i) => [
      ['client', `POST /telemetry HTTP/1.1\r\n\r\n{"compass":${i * 7.3}}`],
      ['server', OK],
    ],
    8080,
  ],
  [
    'pictures by FTP',
    () => [
      ['server', '220 FTP\r\n'],
      ['client', 'USER camera\r\n'],
      ['server', '331 Password\r\n'],
      ['client', 'PASS secret\r\n'],
      ['server', '230 Logged in\r\n'],
    ],
    21,
  ],
  [
    'mail that is fetched by POP',
    () => [
      ['server', '+OK\r\n'],
      ['client', 'PASS secret\r\n'],
      ['server', '+OK\r\n'],
    ],
    110,
  ],
  [
    'copies by scp with a key',
    () => [
      ...(['SSH-2.0-x\r\n', 1400, 100, 48, 44, 60, 680, 1200] as const).flatMap((words): Line[] => [
        ['client', words],
        ['server', 300],
      ]),
    ],
    22,
  ],
  [
    'a server that nobody logs in to says so',
    () => [
      ['client', get()],
      ['server', ASKS],
    ],
    80,
  ],
];

describe('a client that knows its password guesses nothing', () => {
  it.each(ordinary)('%s', (_, lines, port) => {
    expect(sentencesOf(many(60, 3, port, lines))).toEqual([]);
  });
});

describe('who guesses is told, with as many tries as there were', () => {
  const wrong: [string, (i: number) => Line[], number][] = [
    [
      'HTTP Basic',
      (i) => [
        ['client', get(`Authorization: Basic ${1000 + i}\r\n`)],
        ['server', ASKS],
      ],
      80,
    ],
    [
      'HTTP Digest',
      (i) => [
        ['client', get(digest(i))],
        ['server', ASKS],
      ],
      80,
    ],
    [
      'NTLM',
      (i) => [
        ['client', get('Authorization: NTLM TlRMTVNTUAABAAAAB4IIogAA\r\n')],
        ['server', ASKS],
        ['client', get(`Authorization: NTLM TlRMTVNTUAADAAAA${i}\r\n`)],
        ['server', ASKS],
      ],
      80,
    ],
    [
      'FTP',
      (i) => [
        ['client', `PASS guess${i}\r\n`],
        ['server', '530 Login incorrect.\r\n'],
      ],
      21,
    ],
    [
      'one password for every user of an API',
      (i) => [
        ['client', `POST /api HTTP/1.1\r\n\r\n{"user":"user${i}","password":"123456"}`],
        ['server', 'HTTP/1.1 403 Forbidden\r\n\r\n'],
      ],
      8080,
    ],
  ];
  it.each(wrong)('%s', (_, lines, port) => {
    const [alert, ...others] = alertsOf(many(30, 1, port, lines));
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ kind: 'brute-force', hosts: ['192.168.1.10', '192.168.1.70'] });
    expect(alert!.evidence).toMatchObject({ attempts: 30, refused: 30 });
  });

  it('a file that holds the capture twice has each try once', () => {
    const tries = many(35, 1, 21, wrong.find(([name]) => name === 'FTP')![1]);
    const [first, last] = [tries.filter(({ ts }) => ts < 31), tries.filter(({ ts }) => ts >= 31)];
    const [alert, ...others] = alertsOf([...first, ...first, ...last], false);
    expect(others).toEqual([]);
    expect(alert!.evidence).toMatchObject({ attempts: 35, refused: 35 });
  });

  it('SSH, a password after the other', () => {
    const lines: Line[] = (['SSH-2.0-x\r\n', 900, 48, 16, 44, 60, 148, 148, 148] as const).flatMap((words): Line[] => [
      ['client', words],
      ['server', 52],
    ]);
    const [alert, ...others] = alertsOf(many(30, 1, 22, () => lines));
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ kind: 'brute-force', evidence: { attempts: 30, refused: 0 } });
  });
});
