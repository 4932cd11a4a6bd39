/** Whether a device's line to the outside works, as far as the traffic shows. */
import type { Host } from '../../../feature/host.ts';

/** A device that is online hears something from the outside more often than this: time, names, its cloud. */
const HEARD_WITHIN = 120;
/** With a dead line a failure outside says a tenth: phones try dozens of servers then, scanners thousands. */
const DEAD_LINE = 0.1;

/** Weight of an unanswered call to the outside: 1, less when the device hears nobody out there at all. */
export const weightOfSilence = (host: Host, ts: number): number =>
  ts - host.outsideHeard <= HEARD_WITHIN ? 1 : DEAD_LINE;
