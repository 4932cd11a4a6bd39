/** What really passes an interface, by listening for a while: whether any of it is between other devices. */
import { readCapture } from '../source/capture/read-capture.ts';
import { CaptureChild } from '../source/live/capture-child.ts';
import type { CaptureCommand } from '../source/live/tool.ts';

export interface Sight {
  /** From or to this machine. */
  own: number;
  /** To everybody, or to a group, from somebody else. */
  broadcast: number;
  /** From one other device to another. */
  others: number;
}

const ETHERNET = 1;
const MAC_BYTES = 6;
/** The first bit on the wire of an address of many. */
const GROUP = 0x01;

/** Link-layer addresses as in `aa:bb:cc:dd:ee:ff`. */
export async function listen(command: CaptureCommand, own: ReadonlySet<string>, seconds: number): Promise<Sight> {
  const sight: Sight = { own: 0, broadcast: 0, others: 0 };
  const child = new CaptureChild(command);
  const timer = setTimeout(() => void child.stop(), 1000 * seconds);
  const take: Parameters<typeof readCapture>[1] = ({ bytes, offset, linktype }) => {
    if (linktype !== ETHERNET) return;
    const mac = (from: number): string =>
      Array.from(bytes.subarray(from, from + MAC_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(':');
    const [destination, source] = [mac(offset), mac(offset + MAC_BYTES)];
    if (own.has(destination) || own.has(source)) sight.own++;
    else if ((bytes[offset] & GROUP) !== 0) sight.broadcast++;
    else sight.others++;
  };
  await readCapture(child.chunks(), take, { name: command.name });
  clearTimeout(timer);
  await child.closed;
  return sight;
}

/** For the owner. */
export function describeListening(name: string, { own, broadcast, others }: Sight, seconds: number): string {
  if (others > 0)
    return `In ${seconds} s ${others} frames between other devices passed ${name}: they can be watched from here.`;
  if (own + broadcast === 0) return `In ${seconds} s nothing at all passed ${name}.`;
  return (
    `In ${seconds} s only this machine's own traffic (${own} frames) and broadcasts (${broadcast}) passed ${name}: this is an ` +
    'ordinary switch port. Connect it to a mirror port (SPAN), or let the router send what it sees.'
  );
}
