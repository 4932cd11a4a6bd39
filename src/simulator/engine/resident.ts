/** A machine of the home, as the home and its other machines know it. */
import type { Host } from './host.ts';

export interface Resident {
  readonly host: Host;
  send(frame: Uint8Array): void;
}
