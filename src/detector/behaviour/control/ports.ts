/** What ports are for. */
import { isLikelyTcpServer } from '../../../flow/service/likely-server-ports.ts';

const TLS = new Set([443, 465, 636, 853, 989, 990, 992, 993, 995, 5061, 8443, 8883]);
const WEB = new Set([80, 8000, 8008, 8080, 8081, 8088, 8888]);
/** Beside Zeek's: push services, screens, media, printers, remote desktops and what homes run. */
const MORE = new Set([
  ...[853, 1935, 2195, 2222, 3128, 3478, 3690, 5000, 5001, 5005, 5060, 5061, 5228, 5229, 5230, 5349, 5357, 5555, 5900],
  ...[5938, 5985, 5986, 6463, 6881, 7000, 7070, 8009, 8081, 8088, 8123, 8443, 8883, 9000, 9090, 9100, 9418, 9443],
  ...[32_400, 49_152, 554, 8554, 43, 70, 79, 113, 119, 179, 194, 427, 515, 543, 544, 548, 593, 873, 1723, 2049],
]);

export const isTlsPort = (port: number): boolean => TLS.has(port);
export const isWebPort = (port: number): boolean => WEB.has(port);
export const isServicePort = (port: number): boolean =>
  TLS.has(port) || WEB.has(port) || MORE.has(port) || isLikelyTcpServer(port);
