/**
 * The UPnP description of a device (UPnP Device Architecture 1.1, 2.3), as it passes by in an HTTP answer: XML whose
 * telling elements are in its first kilobyte. It is searched, never parsed as a document.
 */
import { wireText } from '../../packet/text.ts';

const TAGS = ['deviceType', 'friendlyName', 'manufacturer', 'modelDescription', 'modelName', 'modelNumber'] as const;
const MAXIMUM_VALUE = 160;
const LESS_THAN = 0x3c;

/** `modelName=Hue bridge 2015` and the like, of the payload [from, to); empty where it is no description. */
export function upnpDescription(bytes: Uint8Array, from: number, to: number): string[] {
  // A body that came on its own begins with "<"; with the head before it, with "HTTP/".
  if (to - from < 32 || (bytes[from] !== LESS_THAN && bytes[from] !== 0x48)) return [];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
  if (!text.includes('<friendlyName>') && !text.includes('<deviceType>')) return [];
  const found: string[] = [];
  for (const tag of TAGS) {
    const open = text.indexOf(`<${tag}>`);
    if (open < 0) continue;
    const start = open + tag.length + 2;
    const end = text.indexOf('<', start);
    if (end <= start || end - start > MAXIMUM_VALUE) continue;
    found.push(`${tag}=${wireText(bytes, from + start, from + end).trim()}`);
  }
  return found;
}
