import { syncTime } from '../session/time.ts';
import type { ClientProfileName } from '../wire/application/tls.ts';
import { type Brand, defineDevice } from './device.ts';
import { busybox, esp32, esp8266 } from './system.ts';

interface LockBrand extends Brand {
  readonly cloud: string;
  readonly port: number;
  readonly profile: ClientProfileName;
  readonly heartbeatSeconds: number;
}

/** A door lock: one connection that lives for days, and the door a few times a day. */
export const lock = defineDevice<LockBrand>({
  kind: 'lock',
  brands: [
    {
      vendor: 'Schlage',
      model: 'Encode',
      oui: '60:d2:dd',
      hostname: 'Schlage-#',
      ...esp8266,
      cloud: 'a2qtdqj9v5uod2-ats.iot.us-west-2.amazonaws.com',
      port: 8883,
      profile: 'mbedtlsMqtt',
      heartbeatSeconds: 300,
    },
    {
      vendor: 'August',
      model: 'Connect',
      oui: '78:9c:85',
      hostname: 'August-Connect',
      ...busybox('1.22.1'),
      cloud: 'rbs.august.com',
      port: 443,
      profile: 'mbedtls',
      heartbeatSeconds: 60,
    },
    {
      vendor: 'Nuki',
      model: 'Bridge',
      oui: '54:d2:72',
      hostname: 'Nuki_Bridge_#',
      ...esp32,
      services: [[8080, 'http']],
      cloud: 'api.nuki.io',
      port: 443,
      profile: 'mbedtls',
      heartbeatSeconds: 30,
    },
  ],
  start(device) {
    const { brand, random, habits } = device;
    device.link(brand.cloud, brand.profile, {
      port: brand.port,
      login: [700, 500],
      heartbeatSeconds: brand.heartbeatSeconds,
      heartbeatJitter: 0.005,
      heartbeat: [habits.int(20, 60), habits.int(20, 60)],
      // DeviceEvents and departures, and the automatic locking behind them.
      maximumEventsPerHour: 6,
      eventRate: () => 0.15 + 0.5 * device.people,
      event: (session) => session.exchange(random.size(340, 0.3), random.size(160, 0.2)),
      lifetimeHours: 60,
    });
    device.spawn(device.every(12 * 3600, 0.02, () => syncTime(device, 'pool.ntp.org', 3)));
  },
});
