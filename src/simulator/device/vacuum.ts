import { hourOfDay, isWeekend } from '../engine/household.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { resolve } from '../session/dns.ts';
import { syncTime } from '../session/time.ts';
import { openTls } from '../session/tls.ts';
import { vendorDatagram } from '../wire/application/opaque.ts';
import { udpFrame } from '../wire/udp.ts';
import { type Brand, type Device, defineDevice } from './device.ts';
import { busybox } from './system.ts';

interface VacuumBrand extends Brand {
  readonly cloud: string;
  readonly storage: string;
  /** Server of the maker's datagram protocol, which carries the heartbeat. */
  readonly datagrams: string | null;
}

const MIIO_MAGIC = [0x21, 0x31, 0x00, 0x20];

/** A robot vacuum cleaner: quiet in its dock, busy once on most days, a map to the cloud at the end. */
export const vacuum = defineDevice<VacuumBrand>({
  kind: 'vacuum',
  brands: [
    {
      vendor: 'Roborock',
      model: 'S7',
      oui: 'b0:4a:39',
      hostname: 'roborock-vacuum-a15',
      ...busybox('1.24.1'),
      services: [[58867, 'vendor']],
      cloud: 'mqtt-eu-3.roborock.com',
      storage: 'eu-storage.roborock.com',
      datagrams: null,
    },
    {
      vendor: 'Xiaomi',
      model: 'Mi Robot',
      oui: '50:ec:50',
      hostname: 'rockrobo',
      ...busybox('1.21.1'),
      cloud: 'de.app.io.mi.com',
      storage: 'awsde0.fds.api.mi.com',
      datagrams: 'de.ot.io.mi.com',
    },
    {
      vendor: 'iRobot',
      model: 'Roomba i7',
      oui: '80:c5:f2',
      hostname: 'iRobot-#',
      ...busybox('1.29.3'),
      services: [
        [443, 'https'],
        [8883, 'vendor'],
      ],
      cloud: 'a2uowfjvhio0fa.iot.us-east-1.amazonaws.com',
      storage: 'mission-maps.s3.us-east-1.amazonaws.com',
      datagrams: null,
    },
  ],
  start(device) {
    const { brand, random, habits } = device;
    device.link(brand.cloud, 'mbedtlsMqtt', {
      port: 8883,
      login: [600, 500],
      heartbeatSeconds: habits.pick([30, 60]),
      heartbeat: [habits.int(20, 90), habits.int(20, 60)],
      maximumEventsPerHour: 240,
      eventRate: () => (cleaning(device) ? 200 : 0.6),
      event: (session) => session.send(0, random.size(cleaning(device) ? 900 : 260, 0.4)),
      lifetimeHours: 24,
    });
    if (brand.datagrams !== null) device.spawn(heartbeat(device, brand.datagrams));
    device.spawn(reportMaps(device));
    device.spawn(device.every(6 * 3600, 0.05, () => syncTime(device, 'cn.pool.ntp.org')));
  },
});

/** The day's round: the same hour on most days, fifty minutes or so. */
function cleaning(device: Device<VacuumBrand>): boolean {
  const day = Math.floor(device.now / (86_400 * SECOND));
  const plan = device.habits.fork(`day/${day}`);
  if (!plan.bool(isWeekend(device.now) ? 0.4 : 0.85)) return false;
  const begin = device.habits.fork('hour').uniform(9, 14) + plan.normal() * 0.1;
  const hour = hourOfDay(device.now);
  return hour >= begin && hour < begin + plan.uniform(0.5, 1.2);
}

function* heartbeat(device: Device<VacuumBrand>, name: string): Process {
  const { host, random } = device;
  const port = host.nextPort();
  for (;;) {
    const remote = yield* resolve(device, name);
    if (remote === null) {
      yield 30 * SECOND;
      continue;
    }
    device.send(udpFrame(host.v4, port, remote.v4, 8053, vendorDatagram(MIIO_MAGIC, 32, random)));
    yield remote.latency * random.uniform(0.95, 1.1);
    if (!device.home.line.isDown(device.now))
      device.send(udpFrame(remote.v4, 8053, host.v4, port, vendorDatagram(MIIO_MAGIC, 32, random)));
    yield random.jitter(15, 0.02) * SECOND;
  }
}

function* reportMaps(device: Device<VacuumBrand>): Process {
  for (;;) {
    yield 600 * SECOND * device.random.uniform(0.9, 1.1);
    if (!cleaning(device)) continue;
    const session = yield* openTls(device, device.brand.storage, { profile: 'mbedtls' });
    if (session === null) continue;
    yield* session.exchange(device.random.size(45_000, 0.4), 320);
    yield* session.close();
  }
}
