/** Whether the line to the outside works, as far as the traffic shows. */
import type { Context } from './behaviour.ts';

/** Some device at home exchanges a packet with the outside more often than this. */
const HEARD_WITHIN = 120;
/** With a dead line a failure outside says a tenth: phones try dozens of servers then, scanners thousands. */
const DEAD_LINE = 0.1;

/** Weight of an unanswered call to the outside: 1, less when nobody out there is heard at all. */
export const weightOfSilence = ({ ts, outsideHeard }: Context): number =>
  ts - outsideHeard <= HEARD_WITHIN ? 1 : DEAD_LINE;
