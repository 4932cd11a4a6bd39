/** What a file is by its first bytes when it is nothing that can be analysed: only for saying so. */

/** Bytes in hexadecimal (`..` is any byte) at an offset → what to call it. */
const signatures: readonly [offset: number, bytes: string, name: string][] = [
  [0, '7f454c46', 'a Linux program (ELF)'],
  [0, '4d5a90', 'a Windows program (EXE)'],
  [0, '89504e470d0a1a0a', 'a PNG image'],
  [0, 'ffd8ff', 'a JPEG image'],
  [0, '474946383', 'a GIF image'],
  [0, '52494646........57454250', 'a WebP image'],
  [0, '25504446', 'a PDF document'],
  [0, '53514c69746520666f726d6174203300', 'an SQLite database'],
  [0, '894844460d0a1a0a', 'an HDF5 file (a Keras model?)'],
  [0, 'd0cf11e0a1b11ae1', 'an old Microsoft Office document (.xls, .doc)'],
  [0, '377abcaf271c', 'a 7-Zip archive'],
  [0, '526172211a07', 'a RAR archive'],
  [0, 'fd377a585a00', 'an xz archive'],
  [0, '425a68..314159265359', 'a bzip2 archive'],
  [0, '04224d18', 'an LZ4 archive'],
  [257, '7573746172', 'a tar archive'],
  [0, 'a1b234cd', 'a capture in the pcap variant of Mesquita'],
  [0, 'cd34b2a1', 'a capture in the pcap variant of Mesquita'],
  [0, '1c0001ac', 'a capture in the pcap variant of IXIA'],
  [0, 'ac01001c', 'a capture in the pcap variant of IXIA'],
  [0, '736e6f6f70000000', 'a Solaris snoop capture'],
  [0, '58435000', 'a Network Instruments or NetXRay capture'],
  [0, '474d425500', 'a Microsoft Network Monitor capture'],
  [0, '52545353', 'a Microsoft Network Monitor capture'],
  [0, '0ca5', 'an nfdump binary file (nfcapd); export it with "nfdump -r FILE -o csv"'],
  [0, 'a50c', 'an nfdump binary file (nfcapd); export it with "nfdump -r FILE -o csv"'],
  [
    8,
    'e5712dcb',
    'an Argus binary file; export it with "ra -u -n -r FILE -c , -s stime dur proto saddr sport dir daddr dport state spkts dpkts sbytes dbytes"',
  ],
  [0, '800495', 'a Python pickle'],
  [0, '934e554d5059', 'a NumPy array'],
];

const ZIP = '504b0304';

/** Null when the bytes are of no known kind. */
export function signatureOf(head: Uint8Array): string | null {
  const hex = Buffer.from(head.subarray(0, 300)).toString('hex');
  for (const [offset, bytes, name] of signatures) {
    if (matches(hex.slice(offset * 2), bytes)) return name;
  }
  return hex.startsWith(ZIP) || hex.startsWith('504b0506') ? zipKind(head) : null;
}

function matches(hex: string, pattern: string): boolean {
  if (hex.length < pattern.length) return false;
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] !== '.' && pattern[i] !== hex[i]) return false;
  }
  return true;
}

/** Office files and saved models are ZIP archives; the names of their first members tell which. */
function zipKind(head: Uint8Array): string {
  const names = Buffer.from(head).toString('latin1');
  if (names.includes('xl/') || names.includes('[Content_Types].xml')) return 'an Excel or Office document (.xlsx)';
  if (names.includes('model.weights.h5') || names.includes('metadata.json')) return 'a Keras model';
  return 'a ZIP archive (unpack it first)';
}
