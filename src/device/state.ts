/** State of an inventory across a restart, as plain data. */
import type { OwnedAddress } from './device.ts';
import type { FactType } from './fact.ts';
import type { DeviceRecord } from './record.ts';

export interface DeviceState {
  mac: string;
  macs: string[];
  first_seen: number;
  last_seen: number;
  online: boolean;
  longest_silence: number;
  packets_sent: number;
  bytes_sent: number;
  packets_received: number;
  bytes_received: number;
  forwarded: number;
  forwards_many: boolean;
  advertises_router: boolean;
  addresses: OwnedAddress[];
  facts: Partial<Record<FactType, string[]>>;
}

export function saveRecord(record: DeviceRecord): DeviceState {
  const { presence } = record;
  return {
    mac: record.mac,
    macs: [...record.macs],
    first_seen: record.firstSeen,
    last_seen: presence.lastSeen,
    online: presence.online,
    longest_silence: presence.longestSilence,
    packets_sent: record.packetsSent,
    bytes_sent: record.bytesSent,
    packets_received: record.packetsReceived,
    bytes_received: record.bytesReceived,
    forwarded: record.forwarded,
    forwards_many: record.forwardsMany,
    advertises_router: record.advertisesRouter,
    addresses: [...record.addresses.values()].map((entry) => ({ ...entry })),
    facts: record.facts.toJSON(),
  };
}

/** Into a record that is new; the addresses are claimed by the inventory. */
export function restoreRecord(record: DeviceRecord, state: DeviceState): void {
  record.firstSeen = state.first_seen;
  record.packetsSent = state.packets_sent;
  record.bytesSent = state.bytes_sent;
  record.packetsReceived = state.packets_received;
  record.bytesReceived = state.bytes_received;
  record.forwarded = state.forwarded;
  record.forwardsMany = state.forwards_many;
  record.advertisesRouter = state.advertises_router;
  record.facts.addAll(state.facts);
  record.presence.restore(state.last_seen, state.online, state.longest_silence);
}

/** Adds what is known of `from`, the younger entry of the same device. */
export function absorb(into: DeviceRecord, from: DeviceRecord): void {
  into.macs.push(...from.macs);
  into.firstSeen = Math.min(into.firstSeen, from.firstSeen);
  into.packetsSent += from.packetsSent;
  into.bytesSent += from.bytesSent;
  into.packetsReceived += from.packetsReceived;
  into.bytesReceived += from.bytesReceived;
  into.forwarded += from.forwarded;
  into.forwardsMany ||= from.forwardsMany;
  into.advertisesRouter ||= from.advertisesRouter;
  into.facts.addAll(from.facts.toJSON());
  const { presence } = into;
  presence.restore(
    Math.max(presence.lastSeen, from.presence.lastSeen),
    presence.online || from.presence.online,
    Math.max(presence.longestSilence, from.presence.longestSilence),
  );
}
