import { stacks } from '../engine/host.ts';
import { hourOfDay } from '../engine/household.ts';
import { syncTime } from '../session/time.ts';
import { httpsCall } from '../session/tls.ts';
import { type Brand, defineDevice } from './device.ts';
import { busybox } from './system.ts';

interface ThermostatBrand extends Brand {
  readonly cloud: string;
  readonly port: number;
  readonly upload: string;
  readonly weather: string;
  readonly ntp: string;
}

/** A thermostat: readings every few minutes, the weather, a schedule with an early morning and a late evening. */
export const thermostat = defineDevice<ThermostatBrand>({
  kind: 'thermostat',
  brands: [
    {
      vendor: 'ecobee',
      model: 'ecobee3 lite',
      oui: '44:61:32',
      hostname: 'ecobee3lite',
      ...busybox('1.24.1'),
      cloud: 'prod.ecobee.com',
      port: 8190,
      upload: 'fw.ecobee.com',
      weather: 'weather.ecobee.com',
      ntp: 'time.ecobee.com',
    },
    {
      vendor: 'tado',
      model: 'Internet Bridge',
      oui: 'ec:e5:12',
      hostname: 'tado',
      vendorClass: null,
      requestList: [1, 3, 6, 15, 28],
      stack: stacks.lwip,
      wired: true,
      cloud: 'i.tado.com',
      port: 443,
      upload: 'i.tado.com',
      weather: 'i.tado.com',
      ntp: 'pool.ntp.org',
    },
    {
      vendor: 'Google',
      model: 'Nest Learning',
      oui: '64:16:66',
      hostname: '09AA01AC#',
      vendorClass: 'udhcp 1.20.2',
      requestList: [1, 3, 6, 12, 15, 17, 28, 42],
      stack: stacks.embedded,
      cloud: 'transport04-rts08-iad01.production.nest.com',
      port: 9543,
      upload: 'logsink.devices.nest.com',
      weather: 'weather.nest.com',
      ntp: 'time.nestlabs.com',
    },
  ],
  start(device) {
    const { brand, random, habits } = device;
    const changing = () => (hourOfDay(device.now) > 5 && hourOfDay(device.now) < 9 ? 6 : 2);
    device.link(brand.cloud, 'mbedtls', {
      port: brand.port,
      login: [900, 700],
      heartbeatSeconds: habits.pick([60, 180, 300]),
      heartbeatJitter: 0.02,
      heartbeat: [habits.int(120, 320), habits.int(60, 140)],
      maximumEventsPerHour: 8,
      eventRate: () => changing() + 0.3 * device.people,
      event: (session) => session.exchange(random.size(520, 0.3), random.size(180, 0.3)),
      lifetimeHours: 16,
    });
    device.spawn(
      device.every(habits.pick([900, 1800]), 0.03, () =>
        httpsCall(device, brand.upload, random.size(3200, 0.4), random.size(380, 0.2), { profile: 'mbedtls' }),
      ),
    );
    device.spawn(
      device.every(3600, 0.05, () =>
        httpsCall(device, brand.weather, 420, random.size(2600, 0.2), { profile: 'mbedtls' }),
      ),
    );
    device.spawn(device.every(habits.pick([3600, 21600]), 0.02, () => syncTime(device, brand.ntp)));
  },
});
