/** What clients and servers of many protocols say to each other, made by hand from their specifications. */

export const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** Who says what: `>` is the client. */
export type Turn = readonly ['>' | '<', Uint8Array | string];

export const payload = (said: Uint8Array | string): Uint8Array => (typeof said === 'string' ? latin1(said) : said);
const clientHello = (): Uint8Array => {
  const body = join(hex('0303'), new Uint8Array(32), hex('00 0002 1301 01 00'));
  const message = join(hex('01 0000'), Uint8Array.of(body.length), body);
  return join(hex('16 0301 00'), Uint8Array.of(message.length), message);
};
const serverHello = (): Uint8Array => {
  const body = join(hex('0303'), new Uint8Array(32), hex('00 1301 00'));
  const message = join(hex('02 0000'), Uint8Array.of(body.length), body);
  return join(hex('16 0303 00'), Uint8Array.of(message.length), message);
};
export const TLS: readonly Turn[] = [
  ['>', clientHello()],
  ['<', serverHello()],
];

export const ldapBind = hex('300c 020101 6007 020103 0400 8000');
export const ldapBound = hex('300c 020101 6107 0a0100 0400 0400');
const smbHeader = (more: Uint8Array): Uint8Array =>
  join(hex('000000'), Uint8Array.of(64 + more.length), hex('fe534d42 4000'), new Uint8Array(58), more);
const spnego = hex('6006 0606 2b0601050502');
const ntlm = latin1('NTLMSSP\0\x01\0\0\0');
const dceBind = hex('05000b03 10000000 4800 0000 01000000');
const dceAck = hex('05000c03 10000000 4400 0000 01000000');
const kerberosVersion = hex('3081f0 a103020105 a20302010a');
const asRequest = join(hex('6a81f3'), kerberosVersion);
const mysqlGreeting = join(hex('3d000000 0a'), latin1('8.0.36\0'), new Uint8Array(50));
const postgresStartup = join(hex('00000015 00030000'), latin1('user\0pi\0db\0'), hex('0000'));
export const modbus = hex('0001 0000 0006 01 03 0000 0002');
export const modbusAnswer = hex('0001 0000 0007 01 03 04 00010002');
const dnp3 = hex('0564 05c0 0100 0004 e921');
const rdpRequest = join(
  hex('0300002b 26e0 0000 0000 00'),
  latin1('Cookie: mstshash=pi\r\n'),
  hex('0100 0800 03000000'),
);
const rdpConfirm = hex('03000013 0ed0 0000 1234 00 0200 0800 01000000');

/** Zeek's name and ours, the port, and what is said. */
export type Dialogue = readonly [service: string | null, own: string | null, port: number, turns: readonly Turn[]];

// biome-ignore format: a dialogue is a line
export const tcpDialogues: readonly Dialogue[] = [
  ['ldap_tcp', null, 389, [['>', ldapBind], ['<', ldapBound]]],
  ['ldap_tcp', null, 10_389, [['>', ldapBind], ['<', ldapBound]]],
  ['ldap_tcp,ssl', null, 389, [['>', hex('301d 020101 7718 8016 312e332e362e312e342e312e313436362e3230303337')], ['<', hex('300c 020101 7807 0a0100 0400 0400')], ...TLS]],
  ['smb', null, 445, [['>', smbHeader(hex(''))], ['<', smbHeader(hex(''))]]],
  ['gssapi,ntlm,smb', null, 445, [['>', smbHeader(hex(''))], ['<', smbHeader(spnego)], ['>', smbHeader(join(spnego, ntlm))]]],
  ['dce_rpc,smb', null, 445, [['>', smbHeader(hex(''))], ['<', smbHeader(hex(''))], ['>', smbHeader(dceBind)]]],
  ['dce_rpc', null, 135, [['>', dceBind], ['<', dceAck]]],
  ['krb_tcp', null, 88, [['>', join(hex('000000f6'), asRequest)], ['<', join(hex('00000010 7e0e 300c'), hex('a003020105 a10302011e'))]]],
  ['rdp', null, 3389, [['>', rdpRequest], ['<', rdpConfirm]]],
  ['rdp,ssl', null, 13_389, [['>', rdpRequest], ['<', rdpConfirm], ...TLS]],
  ['rfb', null, 5900, [['<', 'RFB 003.008\n'], ['>', 'RFB 003.008\n']]],
  ['modbus', null, 502, [['>', modbus], ['<', modbusAnswer]]],
  ['dnp3_tcp', null, 20_000, [['>', dnp3], ['<', dnp3]]],
  ['mysql', null, 3306, [['<', mysqlGreeting], ['>', join(hex('20000001'), new Uint8Array(32))]]],
  ['mysql,ssl', null, 3306, [['<', mysqlGreeting], ['>', join(hex('20000001'), new Uint8Array(32))], ...TLS]],
  ['postgresql', null, 5432, [['>', postgresStartup], ['<', hex('52 00000008 00000000')]]],
  ['postgresql,ssl', null, 5432, [['>', hex('00000008 04d2162f')], ['<', 'S'], ...TLS]],
  ['redis', null, 6379, [['>', '*1\r\n$4\r\nPING\r\n'], ['<', '+PONG\r\n']]],
  ['socks', null, 1080, [['>', hex('050100')], ['<', hex('0500')], ['>', hex('05010001 01020304 0050')], ['<', hex('05000001 00000000 0000')]]],
  ['socks,ssl', null, 1080, [['>', hex('050100')], ['<', hex('0500')], ['>', hex('05010001 01020304 01bb')], ['<', hex('05000001 00000000 0000')], ...TLS]],
  ['http', null, 8000, [['>', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'], ['<', 'HTTP/1.1 200 OK\r\n\r\n']]],
  ['http,ssl', null, 3128, [['>', 'CONNECT a.example:443 HTTP/1.1\r\n\r\n'], ['<', 'HTTP/1.1 200 Connection established\r\n\r\n'], ...TLS]],
  ['http,ssh', null, 3128, [['>', 'CONNECT a.example:22 HTTP/1.1\r\n\r\n'], ['<', 'HTTP/1.1 200 ok\r\n\r\n'], ['<', 'SSH-2.0-x\r\n'], ['>', 'SSH-2.0-y\r\n']]],
  ['http,websocket', null, 80, [['>', 'GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n'], ['<', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n']]],
  ['ssh', null, 2222, [['<', 'Authorized use only.\r\nSSH-2.0-OpenSSH_9.6\r\n'], ['>', 'SSH-2.0-x\r\n']]],
  ['pop3', null, 110, [['<', '+OK ready\r\n'], ['>', 'CAPA\r\n'], ['<', '+OK\r\nSTLS\r\n.\r\n']]],
  ['pop3,ssl', null, 110, [['<', '+OK ready\r\n'], ['>', 'STLS\r\n'], ['<', '+OK begin\r\n'], ...TLS]],
  ['imap', null, 143, [['<', '* OK ready\r\n'], ['>', 'a CAPABILITY\r\n']]],
  ['imap,ssl', null, 143, [['<', '* OK ready\r\n'], ['>', 'a STARTTLS\r\n'], ['<', 'a OK begin\r\n'], ...TLS]],
  ['smtp,ssl', null, 25, [['<', '220 mx\r\n'], ['>', 'EHLO a\r\n'], ['<', '250 STARTTLS\r\n'], ['>', 'STARTTLS\r\n'], ['<', '220 go\r\n'], ...TLS]],
  ['ftp', null, 21, [['<', '220 ready\r\n'], ['>', 'AUTH GSSAPI\r\n'], ['<', '334 go on\r\n']]],
  ['ftp,gridftp,ssl', null, 21, [['<', '220 ready\r\n'], ['>', 'AUTH GSSAPI\r\n'], ['<', '334 ok\r\n'], ['>', 'ADAT FgMBAAAA\r\n']]],
  ['ftp,ssl', null, 21, [['<', '220 ready\r\n'], ['>', 'AUTH TLS\r\n'], ['<', '234 go\r\n'], ...TLS]],
  ['ssl,xmpp', null, 5222, [['>', "<?xml version='1.0'?><stream:stream to='a' xmlns='jabber:client'>"], ['<', '<proceed/>'], ...TLS]],
  [null, 'rtsp', 554, [['>', 'OPTIONS rtsp://192.168.1.5/ RTSP/1.0\r\nCSeq: 1\r\n\r\n'], ['<', 'RTSP/1.0 200 OK\r\n\r\n']]],
  [null, 'telnet', 23, [['<', hex('fffd18fffd20')], ['>', hex('fffb18')]]],
  ['sip', null, 5060, [['>', 'OPTIONS sip:a@b SIP/2.0\r\n\r\n']]],
];

const snmp = hex('3026 020101 0406 7075626c6963 a019 020101 020100 020100 300e300c 06082b06010201010100 0500');
const radius = hex('01 01 001a');

// biome-ignore format: a dialogue is a line
export const udpDialogues: readonly Dialogue[] = [
  ['snmp', null, 161, [['>', snmp]]],
  ['syslog', null, 514, [['>', '<34>Oct 11 22:14:15 host su: failed']]],
  ['radius', null, 1812, [['>', join(radius, new Uint8Array(16), hex('01 06 70616464'))]]],
  ['krb', null, 88, [['>', asRequest]]],
  ['ldap_udp', null, 389, [['>', hex('300c 020101 6307 0400 0a0100 0a01')]]],
  ['dnp3_udp', null, 20_000, [['>', dnp3]]],
  ['dtls', null, 4433, [['>', join(hex('16 feff 0000 000000000000 0030 01'), new Uint8Array(47))], ['<', join(hex('16 fefd 0000 000000000000 0030 02'), new Uint8Array(47))]]],
  [null, null, 4433, [['>', join(hex('16 feff 0000 000000000000 0030 01'), new Uint8Array(47))]]],
  ['rdpeudp', null, 3389, [['>', join(hex('ffffffff 0040 1801'), new Uint8Array(1224))], ['<', join(hex('0b127f15 0040 1005'), new Uint8Array(1224))]]],
  [null, 'tftp', 69, [['>', '\0\x01boot.img\0octet\0']]],
  [null, 'wireguard', 51_820, [['>', join(hex('01000000'), new Uint8Array(144).fill(7))]]],
  [null, 'openvpn', 1194, [['>', join(hex('38'), new Uint8Array(8).fill(9), hex('00 00000000'))]]],
  [null, 'coap', 5683, [['>', hex('4001 1234 b3 666f6f')]]],
  [null, 'ssdp', 1900, [['>', 'M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n']]],
  [null, 'stun', 3478, [['>', hex('0001 0000 2112a442 000102030405060708090a0b')]]],
  ['dns', 'mdns', 5353, [['>', hex('0000 0000 0001 0000 0000 0000 05 5f68747470 04 5f746370 05 6c6f63616c 00 000c 0001')]]],
];
