/** Which protocol the first words of a connection are, and what they give away. */
import { looksLikeHttpRequest } from '../../../packet/layers/application/http.ts';
import { looksLikeMqttConnect } from '../../../packet/layers/application/mqtt.ts';

export type Spoken = 'tls' | 'http' | 'mqtt' | 'smb' | 'greeted' | 'known' | 'other';

const TLS_HANDSHAKE = 22;

/** Of who began the connection: [from, to) is its first payload. */
export function spokenBy(bytes: Uint8Array, from: number, to: number): Spoken {
  const size = to - from;
  if (size >= 3 && bytes[from] === TLS_HANDSHAKE && bytes[from + 1] === 3) return 'tls';
  // SSL 2: a long record that offers version 2 or 3.
  if (size >= 5 && bytes[from] & 0x80 && bytes[from + 2] === 1 && bytes[from + 3] <= 3) return 'tls';
  if (looksLikeHttpRequest(bytes, from, to)) return 'http';
  if (looksLikeMqttConnect(bytes, from, to)) return 'mqtt';
  if (size >= 8 && (bytes[from + 4] === 0xff || bytes[from + 4] === 0xfe) && bytes[from + 5] === 0x53) return 'smb';
  if (isBinaryKnown(bytes, from, size)) return 'known';
  const start = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(size, 24)).toString('latin1');
  // SSH, RTSP and XMPP say themselves what they are.
  if (/^(SSH-|RTSP\/|OPTIONS rtsp|DESCRIBE rtsp|<\?xml|<stream)/.test(start)) return 'known';
  return 'other';
}

/** BitTorrent, the connection request of RDP, the cookie of STUN. */
function isBinaryKnown(bytes: Uint8Array, from: number, size: number): boolean {
  if (size >= 20 && bytes[from] === 0x13 && bytes[from + 1] === 0x42 && bytes[from + 4] === 0x54) return true;
  if (size >= 7 && bytes[from] === 3 && bytes[from + 1] === 0 && bytes[from + 5] === 0xe0) return true;
  return size >= 8 && bytes[from + 4] === 0x21 && bytes[from + 5] === 0x12 && bytes[from + 6] === 0xa4;
}

/** Extensions of programs and scripts that run when they are opened. */
const RUNS = /\.(exe|dll|scr|ps1|bat|hta|vbs|msi|elf|sh|jar)(\?|$)/i;
export const isProgramPath = (uri: string): boolean => RUNS.test(uri);

const DOS_STUB = Buffer.from('This program cannot be run in DOS mode');
const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** A program of Windows or Linux begins in this payload, behind a head of HTTP or alone. */
export function holdsProgram(bytes: Uint8Array, from: number, to: number): boolean {
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
  if (payload.includes(DOS_STUB)) return true;
  const head = payload.indexOf('\r\n\r\n');
  const body = head < 0 || payload[0] !== 0x48 ? 0 : head + 4;
  return payload.subarray(body, body + 4).equals(ELF);
}

/** Prompts and answers of command lines: of Windows, of a Unix shell, of `id`. */
const PROMPT =
  /Microsoft Windows \[Version |[A-Z]:\\[\w\\ .()-]{0,80}>|PS [A-Z]:\\|uid=\d{1,10}\([\w-]{1,32}\) gid=\d{1,10}\(|\w{1,32}@[\w.-]{1,64}:[~/][\w./-]{0,80}[$#] |^(bash|sh)-\d\.\d{1,3}[$#] |\/bin\/(ba)?sh -i|no job control in this shell/;
const LOOK = 512;

export function readsLikeShell(bytes: Uint8Array, from: number, to: number): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(to - from, LOOK)).toString('latin1');
  return PROMPT.test(text);
}

/** A command of a shell in a web request: as a value of its own, or behind what ends the value before it. */
const WEB_COMMAND =
  /[?&](?:cmd|exec|execute|command)=(?:id|whoami|uname|cat|ls|dir|pwd|wget|curl|nc|bash|sh|ipconfig|ifconfig|netstat|powershell)(?:[&+%;\s]|$)|(?:;|%3B|\||%7C|`|%60|\$\(|%24%28|&&|%26%26)(?:[\s+]|%20)?(?:\/bin\/)?(?:wget|curl|tftp|busybox|bash|sh|chmod|cat|uname)(?:[\s+]|%20|\$\{?IFS)/i;
const REQUEST_LOOK = 2048;

export function carriesCommand(bytes: Uint8Array, from: number, to: number): boolean {
  const end = Math.min(to, from + REQUEST_LOOK);
  return WEB_COMMAND.test(Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).toString('latin1'));
}

/** Output of commands where the page itself begins: of `id`, of a prompt of Windows, of the list of users. */
const OUTPUT = /uid=\d{1,10}\([\w-]{1,32}\) gid=\d|Microsoft Windows \[Version |root:x:0:0:/;
const BODY_LOOK = 256;

export function answersLikeShell(bytes: Uint8Array, from: number, to: number): boolean {
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
  const body = payload.indexOf('\r\n\r\n') + 4;
  return body >= 4 && OUTPUT.test(payload.toString('latin1', body, body + BODY_LOOK));
}

/** Who enters a chat says a nickname first. */
export const entersChat = (bytes: Uint8Array, from: number, to: number): boolean =>
  /^(?:NICK |CAP LS)/.test(
    Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(8, to - from)).toString('latin1'),
  );

const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
/** Hidden shares that only administrators reach, as a tree connect names them. */
const SHARES = ['\\ADMIN$', '\\C$', '\\D$'].map(wide);
/** Pipes of the service manager, the task scheduler and the remote registry. */
const PIPES = ['svcctl', 'atsvc', 'winreg'].map(wide);
/** Interfaces of DCE/RPC, as a bind names them: service manager, task scheduler (two), WMI's login and services. */
const INTERFACES = [
  '81bb7a364498f135ad3298f038001003',
  '8206f71f510ae830076d740be8cee98b',
  '4959d386c9834440b424db363231fd0c',
  '18ad09f36ad8d011a07500c04fb68820',
  '99dc56958c82cf11a37e00aa003240c7',
].map((hex) => Buffer.from(hex, 'hex'));

/** Commands that a service or a task is made to run. */
const COMMANDS = ['cmd.exe', 'CMD.EXE', 'COMSPEC%', 'powershell', 'PowerShell'].map(wide);

const holds = (payload: Buffer, marks: readonly Buffer[]): boolean => marks.some((mark) => payload.includes(mark));

/** What a request to another Windows computer asks of its administration. */
export function administers(bytes: Uint8Array, from: number, to: number): Administration {
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
  return {
    share: holds(payload, SHARES),
    service: holds(payload, PIPES) || holds(payload, INTERFACES),
    command: holds(payload, COMMANDS),
  };
}

export interface Administration {
  share: boolean;
  service: boolean;
  command: boolean;
}
