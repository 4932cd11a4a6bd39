/** Logins and their refusal in clear text: what the first bytes of a payload give away, in any protocol. */
import type { Packet } from '../../../packet/packet.ts';

/** Bytes looked at: request lines and the bodies of login requests fit. */
const LOOK = 512;

const text = (packet: Packet): string => {
  const end = packet.payloadOffset + Math.min(packet.payloadCaptured, LOOK);
  return Buffer.from(
    packet.bytes.buffer,
    packet.bytes.byteOffset + packet.payloadOffset,
    end - packet.payloadOffset,
  ).toString('latin1');
};

/** A field or command that carries a password: JSON, forms, FTP and POP, SMTP and IMAP, HTTP Basic and Digest. */
const PASSWORD =
  /["'&?;\s](pass|passwd|password|pwd)["']?\s*[:=]|^PASS \S|^AUTH (PLAIN|LOGIN)|^\S+ LOGIN \S|^(POST|PUT) [^?\s]*\/(login|logon|signin|sign_in|auth|authenticate|session)\b|^Authorization: (Basic|Digest) /im;

/** HTTP 401 and 403, FTP and SMTP 530/535, POP and IMAP refusals, telnet and console messages. */
const REFUSAL =
  /^HTTP\/1\.[01] 40[13] |^(530|535)[ -]|^-ERR|^\S+ NO |login incorrect|authentication fail|access denied/im;

export function isLoginRequest(packet: Packet): boolean {
  return packet.payloadCaptured >= 8 && (isMqttLogin(packet) || PASSWORD.test(text(packet)));
}

export function isLoginRefusal(packet: Packet): boolean {
  return (
    packet.payloadCaptured >= 4 &&
    (isMqttRefusal(packet) || (packet.payloadCaptured >= 8 && REFUSAL.test(text(packet))))
  );
}

/** MQTT CONNECT with the password flag: fixed header 0x10, protocol name "MQTT" or "MQIsdp", flags bit 6. */
function isMqttLogin({ bytes, payloadOffset: at, payloadCaptured }: Packet): boolean {
  if (bytes[at] !== 0x10 || payloadCaptured < 12) return false;
  let start = at + 1;
  while (bytes[start] & 0x80 && start < at + 4) start++;
  const length = bytes[start + 2];
  return bytes[start + 3] === 0x4d && bytes[start + 4] === 0x51 && (bytes[start + 3 + length + 1] & 0x40) !== 0;
}

/** MQTT CONNACK with a return code of refused credentials: 4 or 5 (3.1.1), 0x86 or 0x87 (5.0). */
function isMqttRefusal({ bytes, payloadOffset: at, payloadLength }: Packet): boolean {
  if (bytes[at] !== 0x20 || payloadLength < 4 || payloadLength > 64) return false;
  const code = bytes[at + 3];
  return code === 4 || code === 5 || code === 0x86 || code === 0x87;
}
