/** What a device shows of its operating system: DHCP options 60 and 55, and how its TCP behaves. */
import { type Stack, stacks } from '../engine/host.ts';

interface System {
  readonly vendorClass: string | null;
  readonly requestList: readonly number[];
  readonly stack: Stack;
}

export const esp8266: System = { vendorClass: null, requestList: [1, 3, 28, 6], stack: stacks.lwip };

export const esp32: System = {
  vendorClass: null,
  requestList: [1, 3, 28, 6, 15, 44, 46, 47, 31, 33, 121, 43],
  stack: stacks.lwip,
};

/** BusyBox' DHCP client; the newer ones ask for a time server. */
export const busybox = (version: string, stack: Stack = stacks.embedded): System => ({
  vendorClass: `udhcp ${version}`,
  requestList: [1, 3, 6, 12, 15, 28, 42],
  stack,
});
