/** What a device is, as a drawing and a word. */
import scale from 'bootstrap-icons/icons/activity.svg';
import sensor from 'bootstrap-icons/icons/broadcast-pin.svg';
import camera from 'bootstrap-icons/icons/camera-video.svg';
import console from 'bootstrap-icons/icons/controller.svg';
import kitchen from 'bootstrap-icons/icons/cup-hot.svg';
import nas from 'bootstrap-icons/icons/device-hdd.svg';
import hub from 'bootstrap-icons/icons/diagram-3.svg';
import networkSwitch from 'bootstrap-icons/icons/ethernet.svg';
import computer from 'bootstrap-icons/icons/laptop.svg';
import light from 'bootstrap-icons/icons/lightbulb.svg';
import lock from 'bootstrap-icons/icons/lock.svg';
import siren from 'bootstrap-icons/icons/megaphone.svg';
import appliance from 'bootstrap-icons/icons/moisture.svg';
import phone from 'bootstrap-icons/icons/phone.svg';
import plug from 'bootstrap-icons/icons/plug.svg';
import printer from 'bootstrap-icons/icons/printer.svg';
import unknown from 'bootstrap-icons/icons/question-circle.svg';
import router from 'bootstrap-icons/icons/router.svg';
import speaker from 'bootstrap-icons/icons/speaker.svg';
import tablet from 'bootstrap-icons/icons/tablet.svg';
import thermostat from 'bootstrap-icons/icons/thermometer-half.svg';
import tv from 'bootstrap-icons/icons/tv.svg';
import { Mask } from '../part/icon.tsx';

const drawings: Readonly<Record<string, string>> = {
  appliance,
  camera,
  computer,
  console,
  hub,
  kitchen,
  light,
  lock,
  nas,
  phone,
  plug,
  printer,
  router,
  scale,
  sensor,
  siren,
  speaker,
  switch: networkSwitch,
  tablet,
  thermostat,
  tv,
};

/** As an owner says it, where the kind's own name is short for something. */
const names: Readonly<Record<string, string>> = {
  plug: 'smart plug',
  kitchen: 'kitchen device',
  nas: 'network storage',
  tv: 'television',
  console: 'games console',
  unknown: 'unknown kind',
};

export const kindName = (kind: string): string => names[kind] ?? kind;

export function KindIcon({ kind }: { kind: string }) {
  return <Mask source={drawings[kind] ?? unknown} className="kind-icon" />;
}
