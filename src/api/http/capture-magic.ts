/** Whether a file starts as a capture does, or packed: such files may be larger than logs. Decides a limit, no more. */
const magics = [
  0xa1b2c3d4, // pcap, microseconds
  0xd4c3b2a1,
  0xa1b23c4d, // pcap, nanoseconds
  0x4d3cb2a1,
  0x0a0d0d0a, // pcapng
];

export function isCapture(head: Buffer): boolean {
  if (head.length < 4) return false;
  return magics.includes(head.readUInt32BE(0)) || head.readUInt16BE(0) === 0x1f8b; // gzip
}
