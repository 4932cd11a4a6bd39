/** What an Interface Description Block says that matters for reading packets. */
export interface PcapngInterface {
  linktype: number;
  /** Largest captured frame, 0 for no limit. */
  snaplen: number;
  /** Ticks of a timestamp in one second, and how many of them make a microsecond where that is a whole number. */
  ticksPerSecond: number;
  ticksPerMicrosecond: number;
  /** Seconds to add (if_tsoffset). */
  offset: number;
}

const OPTION_TSRESOL = 9;
const OPTION_TSOFFSET = 14;

/** Parses the block at `start`; null where it is too short or its options overrun it. */
export function parseInterface(view: DataView, start: number, length: number, little: boolean): PcapngInterface | null {
  if (length < 20) return null;
  const device: PcapngInterface = {
    linktype: view.getUint16(start + 8, little),
    snaplen: view.getUint32(start + 12, little),
    ticksPerSecond: 1e6,
    ticksPerMicrosecond: 1,
    offset: 0,
  };
  const end = start + length - 4;
  let at = start + 16;
  while (at + 4 <= end) {
    const code = view.getUint16(at, little);
    const size = view.getUint16(at + 2, little);
    if (code === 0) break;
    if (at + 4 + size > end) return null;
    if (code === OPTION_TSRESOL && size >= 1) setResolution(device, view.getUint8(at + 4));
    if (code === OPTION_TSOFFSET && size >= 8) device.offset = Number(view.getBigInt64(at + 4, little));
    at += 4 + ((size + 3) & ~3);
  }
  return device;
}

/** The top bit chooses between negative powers of two and of ten. */
function setResolution(device: PcapngInterface, value: number): void {
  const exponent = value & 0x7f;
  device.ticksPerSecond = value & 0x80 ? 2 ** exponent : 10 ** exponent;
  const perMicrosecond = device.ticksPerSecond / 1e6;
  device.ticksPerMicrosecond = Number.isInteger(perMicrosecond) && perMicrosecond <= 1e6 ? perMicrosecond : 0;
}

const WORD = 2 ** 32;

/**
 * A 64-bit timestamp in seconds. Nanoseconds since 1970 do not fit a double, so where the resolution allows it the
 * quotient in microseconds, which does, is computed exactly, high word first.
 */
export function timestampSeconds(device: PcapngInterface, high: number, low: number): number {
  const divisor = device.ticksPerMicrosecond;
  if (divisor === 0) return (high * WORD + low) / device.ticksPerSecond + device.offset;
  if (divisor === 1) return (high * WORD + low) / 1e6 + device.offset;
  const quotientHigh = Math.floor(high / divisor);
  const quotientLow = Math.floor(((high - quotientHigh * divisor) * WORD + low) / divisor);
  return (quotientHigh * WORD + quotientLow) / 1e6 + device.offset;
}
