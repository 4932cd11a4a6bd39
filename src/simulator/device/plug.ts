import { stacks } from '../engine/host.ts';
import type { Process } from '../engine/simulation.ts';
import { syncTime } from '../session/time.ts';
import { BROADCAST } from '../wire/address.ts';
import { vendorDatagram } from '../wire/application/opaque.ts';
import type { ClientProfileName } from '../wire/application/tls.ts';
import { udpFrame } from '../wire/udp.ts';
import { type Brand, type Device, defineDevice } from './device.ts';
import { esp32, esp8266 } from './system.ts';

interface PlugBrand extends Brand {
  readonly cloud: string;
  readonly port: number;
  readonly profile: ClientProfileName;
  readonly heartbeatSeconds: number;
  readonly ntp: string | null;
  /** It tells its presence to applications on the network: port and period in seconds. */
  readonly broadcast: readonly [port: number, periodSeconds: number] | null;
}

/** A smart plug: one connection to its cloud, heartbeats, a switch now and then. */
export const plug = defineDevice<PlugBrand>({
  kind: 'plug',
  brands: [
    {
      vendor: 'TP-Link',
      model: 'HS110',
      oui: '50:c7:bf',
      hostname: 'HS110(EU)',
      vendorClass: 'udhcp 0.9.9-pre',
      requestList: [1, 3, 6, 12, 15, 28],
      padded: true,
      stack: stacks.embedded,
      services: [[9999, 'vendor']],
      cloud: 'devs.tplinkcloud.com',
      port: 50443,
      profile: 'mbedtls',
      heartbeatSeconds: 60,
      ntp: 'europe.pool.ntp.org',
      broadcast: null,
    },
    {
      vendor: 'Tuya',
      model: 'SP-20',
      oui: 'd8:1f:12',
      hostname: 'wlan0',
      ...esp8266,
      services: [[6668, 'vendor']],
      cloud: 'm1.tuyaeu.com',
      port: 8883,
      profile: 'mbedtlsMqtt',
      heartbeatSeconds: 60,
      ntp: null,
      broadcast: [6667, 5],
    },
    {
      vendor: 'Meross',
      model: 'MSS310',
      oui: '48:e1:e9',
      hostname: 'Meross_Smart_Plug',
      ...esp32,
      services: [[80, 'http']],
      cloud: 'mqtt-eu-4.meross.com',
      port: 443,
      profile: 'mbedtlsMqtt',
      heartbeatSeconds: 30,
      ntp: null,
      broadcast: null,
    },
    {
      vendor: 'Belkin',
      model: 'WeMo Insight',
      oui: '94:10:3e',
      hostname: null,
      vendorClass: 'udhcp 0.9.8',
      requestList: [1, 3, 6, 12, 15, 28, 44],
      padded: true,
      stack: stacks.embedded,
      services: [[49153, 'http']],
      cloud: 'api.xbcs.net',
      port: 8443,
      profile: 'mbedtls',
      heartbeatSeconds: 120,
      ntp: 'time.nist.gov',
      broadcast: null,
    },
  ],
  start(device) {
    const { brand, random, habits } = device;
    const use = habits.logNormal(0.5, 0.6);
    const heartbeat = [habits.int(30, 110), habits.int(30, 80)] as const;
    device.link(brand.cloud, brand.profile, {
      port: brand.port,
      alpn: [],
      login: [habits.int(280, 700), habits.int(150, 500)],
      heartbeatSeconds: habits.jitter(brand.heartbeatSeconds, 0.02),
      heartbeat,
      maximumEventsPerHour: 12,
      eventRate: () => 0.1 + use * device.people,
      event: function* (session) {
        // The command from the cloud, and the new state back.
        yield* session.send(1, random.size(220, 0.2));
        yield* session.send(0, random.size(260, 0.2), random.uniform(0.02, 0.2));
      },
      lifetimeHours: 30,
    });
    if (brand.ntp !== null) {
      const server = brand.ntp;
      device.spawn(device.every(habits.pick([64, 1200, 3600, 14400]), 0.03, () => syncTime(device, server, 3)));
    }
    if (brand.broadcast !== null) {
      const [port, period] = brand.broadcast;
      device.spawn(device.every(period, 0.02, () => announce(device, port)));
    }
  },
});

const TUYA_MAGIC = [0, 0, 0x55, 0xaa, 0, 0, 0, 0, 0, 0, 0, 0x13, 0, 0, 0, 0x9c];

function* announce(device: Device<PlugBrand>, port: number): Process {
  device.send(
    udpFrame(
      device.host.v4,
      device.habits.fork('port').int(49153, 65000),
      BROADCAST,
      port,
      vendorDatagram(TUYA_MAGIC, 172, device.random),
    ),
  );
  yield 0;
}
