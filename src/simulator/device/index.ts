/** Every kind of device. A home of N devices has the first N of them, then more of the same from the beginning. */
import { camera } from './camera.ts';
import { gameConsole } from './console.ts';
import type { DeviceKind } from './device.ts';
import { doorbell } from './doorbell.ts';
import { hub } from './hub.ts';
import { laptop } from './laptop.ts';
import { lightBridge } from './light-bridge.ts';
import { lock } from './lock.ts';
import { nas } from './nas.ts';
import { phone } from './phone.ts';
import { plug } from './plug.ts';
import { printer } from './printer.ts';
import { scale } from './scale.ts';
import { sensor } from './sensor.ts';
import { speaker } from './speaker.ts';
import { thermostat } from './thermostat.ts';
import { tv } from './tv.ts';
import { vacuum } from './vacuum.ts';

export const deviceKinds: readonly DeviceKind[] = [
  phone,
  camera,
  plug,
  speaker,
  tv,
  hub,
  sensor,
  lightBridge,
  laptop,
  thermostat,
  printer,
  vacuum,
  doorbell,
  lock,
  nas,
  gameConsole,
  scale,
];
