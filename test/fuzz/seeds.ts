import { gzipSync } from 'node:zlib';
import { distinctFrames, homeFrames } from '../capture/home-frames.ts';
import { layeredFrames } from '../capture/layered-frames.ts';
import { Endpoint4, Script } from '../capture/tcp-script.ts';
import { type TestFrame, writeCapture } from '../capture/write-capture.ts';
import { dialogues } from './dialogues.ts';

/** Captures to start from: each kind of frame alone, conversations, and every layer, in both formats. */
export function seeds(): Uint8Array[] {
  const single = distinctFrames().map((frame) => writeCapture([frame]).bytes);
  const conversation = homeFrames(60);
  const layers = layeredFrames().map(({ frame, linktype }) => writeCapture([frame], { linktype }).bytes);
  return [
    writeCapture([]).bytes,
    ...single,
    ...layers,
    ...conversations().map((frames) => writeCapture(frames).bytes),
    ...dialogues().map((frames) => writeCapture(frames).bytes),
    ...texts.map((lines) => writeCapture(talk(lines)).bytes),
    ...variants(conversation.slice(0, 20)),
    ...variants(conversation.slice(20, 60)),
    new Uint8Array(gzipSync(writeCapture(conversation.slice(0, 20)).bytes)),
    writeCapture(
      layeredFrames()
        .filter(({ linktype }) => linktype === 1)
        .map(({ frame }) => frame),
    ).bytes,
  ];
}

function variants(frames: TestFrame[]): Uint8Array[] {
  return [
    writeCapture(frames).bytes,
    writeCapture(frames, { littleEndian: false, nanoseconds: true }).bytes,
    writeCapture(frames, { format: 'pcapng' }).bytes,
    writeCapture(frames, { format: 'pcapng', littleEndian: false, nanoseconds: true }).bytes,
  ];
}

const FRAMES_EACH = 14;

/** The beginning of the first TCP connection to each port that the simulated home speaks to. */
function conversations(): TestFrame[][] {
  const byServer = new Map<number, { key: string; frames: TestFrame[] }>();
  for (const frame of homeFrames(20_000)) {
    const { bytes } = frame;
    if (bytes[12] !== 8 || bytes[23] !== 6) continue;
    const ports = [(bytes[34] << 8) | bytes[35], (bytes[36] << 8) | bytes[37]];
    const key = [...ports, ...bytes.subarray(26, 34)].sort().join(' ');
    const server = Math.min(...ports);
    const seen = byServer.get(server) ?? { key, frames: [] };
    byServer.set(server, seen);
    if (seen.key === key && seen.frames.length < FRAMES_EACH) seen.frames.push(frame);
  }
  return [...byServer.values()].map(({ frames }) => frames);
}

/** What servers and clients of line protocols say, the server's lines marked. */
const texts: string[][] = [
  ['<SSH-2.0-OpenSSH_9.9\r\n', 'SSH-2.0-dropbear\r\n'],
  ['NICK bot\r\nUSER bot 0 * :bot\r\n', '<:irc.example 001 bot :Welcome\r\n', 'JOIN #c\r\n', 'PRIVMSG #c :hi\r\n'],
  ['<220 mail.example ESMTP\r\n', 'EHLO home.example\r\n', '<250 mail.example\r\n', 'MAIL FROM:<a@b.c>\r\n'],
  ['<220 ftp ready\r\n', 'USER anonymous\r\n', '<331 password\r\n', 'PASS x\r\n', '<230 in\r\n'],
  ['<\xff\xfd\x18\xff\xfd\x20login: ', '\xff\xfb\x18admin\r\n', '<Password: ', 'admin\r\n'],
  [
    'GET /a HTTP/1.1\r\nHost: h\r\nUser-Agent: u\r\n\r\n',
    '<HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 2\r\n\r\nok',
  ],
  ['OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP c\r\n\r\n', '<SIP/2.0 200 OK\r\n\r\n'],
];

function talk(lines: readonly string[]): TestFrame[] {
  const script = new Script(new Endpoint4('192.168.1.20', 50_123), new Endpoint4('203.0.113.9', 8022));
  script.syn(0).synAck(0.01).ack(0.02);
  for (const [i, line] of lines.entries()) {
    const text = Buffer.from(line.replace(/^</, ''), 'latin1');
    if (line.startsWith('<')) script.resp(i + 1, 'PA', text).orig(i + 1.1, 'A');
    else script.orig(i + 1, 'PA', text).resp(i + 1.1, 'A');
  }
  script.orig(20, 'FA').resp(20.1, 'FA').orig(20.2, 'A');
  return script.frames.map(({ ts, bytes }) => ({ ts: Math.round(ts * 1e6), bytes }));
}
