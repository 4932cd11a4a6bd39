/** Who carries the packets of others: link-layer addresses that bring packets of the outside or hand out addresses. */
import type { Step } from '../../../feature/link-tracker.ts';
import { type Packet, PROTO_UDP } from '../../../packet/packet.ts';
import { macNumber } from '../../link-address.ts';

const MOST = 256;
const DHCP_SERVER = 67;

export class Routers {
  private readonly first = new Map<number, number>();

  packet(packet: Packet, { link, direction }: Step): void {
    if (packet.srcMac < 0 || packet.depth > 0 || this.first.size >= MOST) return;
    const { orig, resp } = link.channel;
    const sender = direction === 0 ? orig : resp;
    const serves = packet.proto === PROTO_UDP && packet.srcPort === DHCP_SERVER;
    if (sender.scope !== 'external' && !serves) return;
    const mac = macNumber(packet.bytes, packet.srcMac);
    if (!this.first.has(mac)) this.first.set(mac, packet.ts);
  }

  has(mac: number): boolean {
    return this.first.has(mac);
  }

  /** When it first did so; never: infinity. */
  since(mac: number): number {
    return this.first.get(mac) ?? Number.POSITIVE_INFINITY;
  }

  clear(): void {
    this.first.clear();
  }
}
