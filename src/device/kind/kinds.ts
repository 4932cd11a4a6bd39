/** Every kind of device: one file and one line. */
import { appliance } from './appliance.ts';
import { camera } from './camera.ts';
import { computer } from './computer.ts';
import { gameConsole } from './console.ts';
import { hub } from './hub.ts';
import { kitchen } from './kitchen.ts';
import { light } from './light.ts';
import { lock } from './lock.ts';
import { nas } from './nas.ts';
import { phone } from './phone.ts';
import { plug } from './plug.ts';
import { printer } from './printer.ts';
import { router } from './router.ts';
import { scale } from './scale.ts';
import { sensor } from './sensor.ts';
import { siren } from './siren.ts';
import { speaker } from './speaker.ts';
import { networkSwitch } from './switch.ts';
import { tablet } from './tablet.ts';
import { thermostat } from './thermostat.ts';
import { tv } from './tv.ts';

export const kinds = [
  ...[camera, plug, hub, sensor, siren, scale, kitchen, light, lock, thermostat, appliance],
  ...[speaker, tv, gameConsole, phone, tablet, computer, nas, printer, router, networkSwitch],
] as const;

export type KindName = (typeof kinds)[number]['kind'] | 'unknown';
