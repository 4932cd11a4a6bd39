import { UDP_SERVER } from '../kernel/ledger.ts';

/**
 * Ports that Zeek's default scripts expect servers on (`likely_server_ports`): the hint for who is the originator of
 * a connection whose beginning was not captured.
 */
const tcp = [
  20000, 53, 21, 2811, 80, 81, 631, 1080, 3128, 8000, 8080, 8888, 143, 6666, 6667, 6668, 6669, 88, 389, 3268, 502, 1883,
  1434, 3306, 5432, 6379, 3389, 135, 139, 445, 25, 587, 22, 443, 563, 585, 614, 636, 989, 990, 992, 993, 995, 5223, 514,
  5222, 5269, 110,
];
const udp = [
  67, 20000, 53, 137, 5353, 5355, 88, 389, 123, 443, 1812, 3389, 5060, 161, 162, 514, 5072, 3544, 2152, 2123, 4789,
  6081,
];

const TCP = 1;
const UDP = UDP_SERVER;

/** One bit per protocol and port. */
export const serverBits = new Uint8Array(65_536);
for (const port of tcp) serverBits[port] |= TCP;
for (const port of udp) serverBits[port] |= UDP;

export function isLikelyTcpServer(port: number): boolean {
  return (serverBits[port] & TCP) !== 0;
}

export function isLikelyUdpServer(port: number): boolean {
  return (serverBits[port] & UDP) !== 0;
}
