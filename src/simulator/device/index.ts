/** Every kind of device. A home of N devices has the first N of them, then more of the same from the beginning. */
import { camera } from './camera.ts';
import type { DeviceKind } from './device.ts';
import { hub } from './hub.ts';
import { lightBridge } from './light-bridge.ts';
import { phone } from './phone.ts';
import { plug } from './plug.ts';
import { sensor } from './sensor.ts';
import { speaker } from './speaker.ts';
import { tv } from './tv.ts';

export const deviceKinds: readonly DeviceKind[] = [phone, camera, plug, speaker, tv, hub, sensor, lightBridge];
