/** What a file is, from its first bytes; the name is never asked. */
export type CaptureFormat = 'pcap' | 'pcapng' | 'gzip' | 'zstd';

/** Bytes that `detectCapture` and `describeContent` want to see; fewer are fine where the file is shorter. */
export const DETECTION_BYTES = 64;

export const PCAP_MAGIC_MICRO = 0xa1b2c3d4;
export const PCAP_MAGIC_NANO = 0xa1b23c4d;
export const PCAPNG_SECTION = 0x0a0d0d0a;

/** The capture or compression format that the content shows, or null. */
export function detectCapture(first: Uint8Array): CaptureFormat | null {
  if (first.length < 4) return null;
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  const big = view.getUint32(0);
  const little = view.getUint32(0, true);
  if (little === 0xfd2fb528) return 'zstd';
  if (big === PCAPNG_SECTION) return 'pcapng';
  for (const magic of [big, little]) {
    if (magic === PCAP_MAGIC_MICRO || magic === PCAP_MAGIC_NANO) return 'pcap';
  }
  return null;
}

const signatures: readonly (readonly [name: string, test: (text: string) => boolean])[] = [
  ['a pcap file of Kuznetzov’s modified libpcap', (t) => /^(\xa1\xb2\xcd\x34|\x34\xcd\xb2\xa1)/.test(t)],
  ['a Navtel pcap file', (t) => /^(\xa1\x2b\x3c\x4d|\x4d\x3c\x2b\xa1)/.test(t)],
  ['a Snoop capture', (t) => t.startsWith('snoop\0')],
  ['a Microsoft Network Monitor capture', (t) => t.startsWith('GMBU') || t.startsWith('RTSS')],
  ['an ELF program', (t) => t.startsWith('\x7fELF')],
  ['a Windows program', (t) => t.startsWith('MZ')],
  ['a ZIP archive', (t) => t.startsWith('PK\x03\x04') || t.startsWith('PK\x05\x06')],
  ['a 7-Zip archive', (t) => t.startsWith('7z\xbc\xaf\x27\x1c')],
  ['an XZ archive', (t) => t.startsWith('\xfd7zXZ')],
  ['a bzip2 archive', (t) => t.startsWith('BZh')],
  ['a PDF', (t) => t.startsWith('%PDF')],
  ['a PNG image', (t) => t.startsWith('\x89PNG')],
  ['an HTML page', (t) => /^\s*<(!doctype html|html)/i.test(t)],
  ['an XML document', (t) => /^\s*<\?xml/.test(t)],
];

/** A noun phrase for content that is not supported, for messages. */
export function describeContent(first: Uint8Array): string {
  const text = String.fromCharCode(...first.subarray(0, DETECTION_BYTES));
  for (const [name, test] of signatures) if (test(text)) return name;
  return /^[\t\r\n\x20-\x7e]*$/.test(text) ? 'a text file' : 'a binary file of an unknown kind';
}
