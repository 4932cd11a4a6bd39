/** Discovery by SSDP: announcements of UPnP devices, searches and their answers. */
import type { Actor } from '../engine/actor.ts';
import { MILLISECOND, type Process, SECOND } from '../engine/simulation.ts';
import { groupEndpoint, parseIpv4 } from '../wire/address.ts';
import { ssdpNotify, ssdpResponse, ssdpSearch, type UpnpDevice } from '../wire/application/ssdp.ts';
import { udpFrame } from '../wire/udp.ts';

const PORT = 1900;
export const SSDP_GROUP = parseIpv4('239.255.255.250');
const GROUP = groupEndpoint(SSDP_GROUP);
const OPTIONS = { ttl: 4 };

export function* ssdpAnnounce(actor: Actor, device: UpnpDevice): Process {
  const port = actor.host.nextPort();
  for (let round = 0; round < 2; round++) {
    for (const type of device.types) {
      actor.send(udpFrame(actor.host.v4, port, GROUP, PORT, ssdpNotify(device, type), OPTIONS));
      yield actor.random.uniform(2, 90) * MILLISECOND;
    }
  }
}

/** Sends the search `repeats` times; the devices answer to the asking port. */
export function* ssdpDiscover(actor: Actor, target: string, repeats = 2): Process {
  const port = actor.host.nextPort();
  for (let i = 0; i < repeats; i++) {
    actor.send(udpFrame(actor.host.v4, port, GROUP, PORT, ssdpSearch(target, 2), OPTIONS));
    for (const { actor: other, device } of actor.home.ssdpResponders) {
      if (!other.host.up || other.host === actor.host) continue;
      const matching = target === 'ssdp:all' ? device.types : device.types.filter((type) => type === target);
      for (const type of matching) {
        yield actor.random.uniform(5, 200) * MILLISECOND;
        other.send(udpFrame(other.host.v4, PORT, actor.host.v4, port, ssdpResponse(device, type)));
      }
    }
    yield SECOND;
  }
}
