/** What the first bytes of one direction show. A connection's service follows from both directions together. */
export const UNDECIDED = 0;
export const UNKNOWN = 1;
export const TLS_CLIENT = 2;
export const TLS_SERVER = 3;
export const HTTP_REQUEST = 4;
export const SSH_BANNER = 5;
export const MQTT_CONNECT = 6;
export const DNS_MESSAGE = 7;
export const IRC_CLIENT = 8;
export const IRC_SERVER = 9;
export const SMTP_CLIENT = 10;
export const FTP_CLIENT = 11;
export const GREETING_220 = 12;
export const POP3_CLIENT = 13;
export const POP3_SERVER = 14;
export const IMAP_SERVER = 15;
export const SIP_MESSAGE = 16;
export const TELNET = 17;
/** A status line, after a request in the other direction. */
export const HTTP_ANSWER = 18;
/** A request for a tunnel through a proxy. */
export const HTTP_CONNECT = 19;
/** Of HTTP 0.9: a path without a version, which is answered with anything. */
export const HTTP_09_REQUEST = 20;
/** Three digits and text, as FTP and SMTP answer with. */
export const NUMBERED_REPLY = 21;
export const RTSP_MESSAGE = 22;
export const XMPP_STREAM = 23;
export const LDAP_REQUEST = 24;
export const LDAP_RESPONSE = 25;
export const KERBEROS = 26;
export const SMB = 27;
export const DCE_RPC = 28;
export const RDP_REQUEST = 29;
export const RDP_CONFIRM = 30;
export const RFB = 31;
export const MODBUS = 32;
export const DNP3 = 33;
export const MYSQL_GREETING = 34;
export const MYSQL_LOGIN = 35;
export const POSTGRESQL_STARTUP = 36;
export const POSTGRESQL_ANSWER = 37;
export const REDIS_COMMAND = 38;
export const REDIS_ANSWER = 39;
export const SOCKS_CLIENT = 40;
export const SOCKS_SERVER = 41;
export const OPENVPN = 42;
