/** Logins and their refusal in clear text: what the first bytes of a payload give away, in any protocol. */
import type { Packet } from '../../../packet/packet.ts';

/** Bytes looked at: request lines and the bodies of login requests fit. */
const LOOK = 512;

export interface Login {
  /** What is tried: the same text is the same password. Null where it cannot be told from another. */
  secret: string | null;
  /** It looks different each time (HTTP Digest, NTLM): only the answer says whether it was right. */
  isSealed: boolean;
}

const text = (packet: Packet): string => {
  const end = packet.payloadOffset + Math.min(packet.payloadCaptured, LOOK);
  return Buffer.from(
    packet.bytes.buffer,
    packet.bytes.byteOffset + packet.payloadOffset,
    end - packet.payloadOffset,
  ).toString('latin1');
};

/** HTTP schemes whose proof holds a number that is used once. NTLM asks first, without one. */
const SEALED = /^Authorization: (?:Digest |(?:NTLM|Negotiate) (?!TlRMTVNTUAAB))/im;
const NTLM_QUESTION = /^Authorization: (?:NTLM|Negotiate) TlRMTVNTUAAB/im;
/** What carries a password: HTTP Basic, FTP and POP, SMTP, IMAP, fields of JSON and forms, Redis. */
const OPEN = [
  /^Authorization: Basic (\S+)/im,
  /^PASS (\S[^\r\n]*)/im,
  /^AUTH PLAIN (\S+)/im,
  /^\S+ LOGIN (\S[^\r\n]*)/im,
  /["'&?;\s](?:[\w-]{0,24}[_-])?(?:passwd|password|pass|pwd|psw)["']?\s*[:=]\s*["']?([^"'&\r\n]+)/i,
  /^\$4\r\nAUTH\r\n((?:\$\d{1,5}\r\n[^\r\n]+(?:\r\n)?){1,2})/im,
];
/** Who logs in, where a field beside the password says so. */
const USER = /["'&?;\s](?:user|username|user_name|login|email|name)["']?\s*[:=]\s*["']?([^"'&\r\n]+)/i;
/** A login of which the password is not seen. */
const HIDDEN =
  /^AUTH (PLAIN|LOGIN)|^(POST|PUT) [^?\s]*\/(login|logon|signin|sign_in|auth|authenticate|session)\b|["'&?;\s](?:[\w-]{0,24}[_-])?(passwd|password|pass|pwd|psw)["']?\s*[:=]/im;

/** HTTP and its kin 401 and 403, FTP and SMTP 530/535, POP and IMAP refusals, Redis, telnet and console messages. */
const REFUSAL =
  /^(?:HTTP\/1\.[01]|RTSP\/1\.0|SIP\/2\.0) 40[13] |^-WRONGPASS|^(530|535)[ -]|^-ERR|^\S+ NO |login incorrect|authentication fail|access denied/im;
/** The password was right, but the number that is used once was used. */
const STALE = /\bstale="?true/i;
const HTTP = /^(?:HTTP\/1\.[01]|RTSP\/1\.0|SIP\/2\.0) /;

export function loginOf(packet: Packet): Login | null {
  if (packet.payloadCaptured < 8) return null;
  const mqtt = mqttSecret(packet);
  if (mqtt !== null) return { secret: mqtt, isSealed: false };
  const said = text(packet);
  if (NTLM_QUESTION.test(said)) return null;
  if (SEALED.test(said)) return { secret: null, isSealed: true };
  for (const pattern of OPEN) {
    const found = pattern.exec(said);
    if (found) return { secret: `${USER.exec(said)?.[1] ?? ''} ${found[1]}`, isSealed: false };
  }
  return HIDDEN.test(said) ? { secret: null, isSealed: false } : null;
}

export type Answer = 'refused' | 'accepted';

/** What a server says of a login; `isHttp` where a refusal may as well be the question for one. Null for other words. */
export function answerOf(packet: Packet): { answer: Answer; isHttp: boolean } | null {
  if (packet.payloadCaptured < 4) return null;
  const mqtt = mqttAnswer(packet);
  if (mqtt !== null) return { answer: mqtt, isHttp: false };
  if (packet.payloadCaptured < 8) return null;
  const said = text(packet);
  const isHttp = HTTP.test(said);
  if (REFUSAL.test(said)) return { answer: STALE.test(said) ? 'accepted' : 'refused', isHttp };
  return isHttp ? { answer: 'accepted', isHttp } : null;
}

/**
 * User and password of an MQTT CONNECT (MQTT 3.1.1 and 5.0, section 3.1): they are its last fields; the client's name
 * before them may be another one each time.
 */
function mqttSecret({ bytes, payloadOffset: at, payloadCaptured }: Packet): string | null {
  if (bytes[at] !== 0x10 || payloadCaptured < 12) return null;
  let next = at + 1;
  while (bytes[next] & 0x80 && next < at + 4) next++;
  const length = bytes[next + 2];
  if (bytes[next + 3] !== 0x4d || bytes[next + 4] !== 0x51) return null;
  const level = next + 3 + length;
  const flags = bytes[level + 1];
  if ((flags & 0x40) === 0) return null;
  const end = at + payloadCaptured;
  next = level + 4;
  const skip = (): void => {
    next += 2 + ((bytes[next] << 8) | bytes[next + 1]);
  };
  const properties = (): void => {
    if (bytes[level] === 5) next += 1 + bytes[next];
  };
  properties();
  skip();
  if (flags & 0x04) {
    properties();
    skip();
    skip();
  }
  return Buffer.from(bytes.subarray(Math.min(next, end), end)).toString('latin1');
}

/** MQTT CONNACK; refused credentials are return code 4 or 5 (3.1.1), 0x86 or 0x87 (5.0). */
function mqttAnswer({ bytes, payloadOffset: at, payloadLength }: Packet): Answer | null {
  if (bytes[at] !== 0x20 || payloadLength < 4 || payloadLength > 64) return null;
  const code = bytes[at + 3];
  if (code === 0) return 'accepted';
  return code === 4 || code === 5 || code === 0x86 || code === 0x87 ? 'refused' : null;
}
