/** SSDP, the discovery of UPnP (UPnP Device Architecture 1.1, section 1): HTTP over multicast UDP. */
import { ascii } from '../bytes.ts';

export interface UpnpDevice {
  location: string;
  server: string;
  /** Device or service type, such as `upnp:rootdevice`. */
  types: readonly string[];
  uuid: string;
}

function lines(...parts: string[]): Uint8Array {
  return ascii(`${parts.join('\r\n')}\r\n\r\n`);
}

function usn(device: UpnpDevice, type: string): string {
  return type.startsWith('uuid:') ? type : `uuid:${device.uuid}::${type}`;
}

export function ssdpNotify(device: UpnpDevice, type: string): Uint8Array {
  return lines(
    'NOTIFY * HTTP/1.1',
    'HOST: 239.255.255.250:1900',
    'CACHE-CONTROL: max-age=1800',
    `LOCATION: ${device.location}`,
    `NT: ${type}`,
    'NTS: ssdp:alive',
    `SERVER: ${device.server}`,
    `USN: ${usn(device, type)}`,
  );
}

export function ssdpSearch(target: string, maximumWaitSeconds: number): Uint8Array {
  return lines(
    'M-SEARCH * HTTP/1.1',
    'HOST: 239.255.255.250:1900',
    'MAN: "ssdp:discover"',
    `MX: ${maximumWaitSeconds}`,
    `ST: ${target}`,
  );
}

export function ssdpResponse(device: UpnpDevice, target: string): Uint8Array {
  return lines(
    'HTTP/1.1 200 OK',
    'CACHE-CONTROL: max-age=1800',
    'EXT:',
    `LOCATION: ${device.location}`,
    `SERVER: ${device.server}`,
    `ST: ${target}`,
    `USN: ${usn(device, target)}`,
  );
}
