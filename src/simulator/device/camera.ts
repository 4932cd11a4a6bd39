import { stacks } from '../engine/host.ts';
import { hourOfDay } from '../engine/household.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { resolve } from '../session/dns.ts';
import { syncTime } from '../session/time.ts';
import { httpsCall, openTls } from '../session/tls.ts';
import { vendorDatagram } from '../wire/application/opaque.ts';
import { udpFrame } from '../wire/udp.ts';
import { type Brand, type Device, defineDevice } from './device.ts';

interface CameraBrand extends Brand {
  /** Control connection, where clips go, and the relay of its peer-to-peer protocol. */
  readonly control: string;
  readonly upload: string;
  readonly relay: string | null;
  readonly ntp: string;
  readonly heartbeatSeconds: number;
}

/** First bytes of a maker's datagram protocol. */
const RELAY_MAGIC = [0x3a, 0xcf, 0x87, 0x2a];
const UDHCP = [1, 3, 6, 12, 15, 28, 42];

/** A camera: a clip goes to the cloud on motion; a heartbeat, a relay that is kept warm, a live view now and then. */
export const camera = defineDevice<CameraBrand>({
  kind: 'camera',
  brands: [
    {
      vendor: 'Reolink',
      model: 'RLC-410W',
      oui: 'ec:71:db',
      hostname: 'RLC-410W',
      vendorClass: 'udhcp 1.24.1',
      requestList: UDHCP,
      stack: stacks.embedded,
      services: [
        [80, 'http'],
        [554, 'rtsp'],
        [9000, 'vendor'],
      ],
      control: 'devicecenter.reolink.com',
      upload: 'cloud-storage.reolink.com',
      relay: 'p2p.reolink.com',
      ntp: 'pool.ntp.org',
      heartbeatSeconds: 60,
    },
    {
      vendor: 'TP-Link',
      model: 'Tapo C200',
      oui: '1c:61:b4',
      hostname: 'C200_#',
      vendorClass: 'udhcp 1.23.2',
      requestList: UDHCP,
      stack: stacks.embedded,
      services: [
        [443, 'https'],
        [554, 'rtsp'],
        [2020, 'http'],
      ],
      control: 'n-device-api.tplinkcloud.com',
      upload: 'aps1-storage.i.tplinkcloud.com',
      relay: 'n-euw1-relay.tplinkcloud.com',
      ntp: 'europe.pool.ntp.org',
      heartbeatSeconds: 30,
    },
    {
      vendor: 'Wyze',
      model: 'Cam v3',
      oui: '2c:aa:8e',
      hostname: 'WYZE_CAKP2JFUS-#',
      vendorClass: 'udhcp 1.24.1',
      requestList: [1, 3, 6, 12, 15, 28, 40, 41, 42],
      padded: true,
      stack: stacks.embedded,
      services: [[23, 'telnet']],
      control: 'wyze-iot.wyzecam.com',
      upload: 'wyze-event-upload.s3.us-west-2.amazonaws.com',
      relay: 'm1.iotcplatform.com',
      ntp: 'time1.google.com',
      heartbeatSeconds: 45,
    },
    {
      vendor: 'D-Link',
      model: 'DCS-935L',
      oui: 'b0:c5:54',
      hostname: 'DCS-935L',
      vendorClass: 'udhcp 1.22.1',
      requestList: UDHCP,
      stack: stacks.embedded,
      services: [
        [80, 'http'],
        [443, 'https'],
        [554, 'rtsp'],
        [23, 'telnet'],
      ],
      control: 'signal.eu.mydlink.com',
      upload: 'clip.eu.mydlink.com',
      relay: null,
      ntp: 'ntp1.dlink.com',
      heartbeatSeconds: 90,
    },
  ],
  start(device) {
    const { brand, random, habits } = device;
    const heartbeat = habits.jitter(brand.heartbeatSeconds, 0.05);
    const busyness = habits.logNormal(1, 0.5);
    device.link(brand.control, 'mbedtls', {
      login: [1100, 900],
      heartbeatSeconds: heartbeat,
      heartbeat: [habits.int(70, 160), habits.int(40, 90)],
      maximumEventsPerHour: 2,
      eventRate: () => (device.people > 0 ? 0.8 : 0.2),
      event: (session) => session.exchange(random.size(240, 0.3), random.size(320, 0.3)),
      lifetimeHours: 14,
    });
    // Motion: with the people of the house by day, cats and cars at night.
    const motionRate = () => busyness * (device.people > 0 ? 2.2 * device.people : isDark(device.now) ? 0.25 : 0.7);
    device.spawn(device.poisson(40, motionRate, () => uploadClip(device)));
    if (brand.relay !== null) device.spawn(keepRelay(device, brand.relay));
    device.spawn(
      device.poisson(
        1,
        () => (device.people > 0 ? 0.12 : 0.06),
        () => liveView(device),
      ),
    );
    device.spawn(device.every(habits.pick([64, 600, 3600, 7200, 21600]), 0.02, () => syncTime(device, brand.ntp)));
    device.spawn(device.every(24 * 3600, 0.1, () => updateCheck(device)));
  },
});

function isDark(now: number): boolean {
  const hour = hourOfDay(now);
  return hour < 6 || hour > 21;
}

function* uploadClip(device: Device<CameraBrand>): Process {
  const { random, brand } = device;
  const session = yield* openTls(device, brand.upload, { profile: 'mbedtls', resume: 0.3 });
  if (session === null) return;
  const pieces = 1 + Math.floor(random.exponential(2));
  yield* session.exchange(random.size(800, 0.2), random.size(400, 0.2));
  for (let i = 0; i < pieces; i++) {
    yield* session.exchange(random.size(190_000, 0.6), random.size(350, 0.15));
    yield* session.pause(random.uniform(0.5, 5));
  }
  yield* session.close();
}

/** Peer-to-peer cameras keep their mapping at the relay open with small datagrams. */
function* keepRelay(device: Device<CameraBrand>, name: string): Process {
  const { random, habits, host } = device;
  const port = host.nextPort();
  const period = habits.pick([10, 15, 25, 30]);
  const size = habits.int(24, 88);
  for (;;) {
    const remote = yield* resolve(device, name);
    if (remote === null) {
      yield 30 * SECOND;
      continue;
    }
    const end = device.now + random.uniform(1, 4) * 3600 * SECOND;
    while (device.now < end) {
      device.send(udpFrame(host.v4, port, remote.v4, 10001, vendorDatagram(RELAY_MAGIC, size, random)));
      yield remote.latency * random.uniform(0.95, 1.1);
      if (random.bool(0.98) && !device.home.line.isDown(device.now))
        device.send(udpFrame(remote.v4, 10001, host.v4, port, vendorDatagram(RELAY_MAGIC, size - 8, random)));
      yield random.jitter(period, 0.03) * SECOND;
    }
  }
}

/** Somebody looks through the camera from the telephone: pictures as datagrams, thinned by the bulk factor. */
function* liveView(device: Device<CameraBrand>): Process {
  const { random, host, home } = device;
  const remote = yield* resolve(device, device.brand.relay ?? device.brand.control);
  if (remote === null) return;
  const port = host.nextPort();
  const end = device.now + random.logNormal(45, 0.6) * SECOND;
  const gap = 1 / (110 * home.bulk + 4);
  for (let count = 0; device.now < end; count++) {
    device.send(udpFrame(host.v4, port, remote.v4, 10002, vendorDatagram(RELAY_MAGIC, random.int(900, 1372), random)));
    if (count % 10 === 9)
      device.send(udpFrame(remote.v4, 10002, host.v4, port, vendorDatagram(RELAY_MAGIC, 44, random)));
    yield random.exponential(gap) * SECOND;
  }
}

function* updateCheck(device: Device<CameraBrand>): Process {
  const { random, brand, home } = device;
  const options = { profile: 'mbedtls' } as const;
  yield* httpsCall(device, `fw.${brand.control.split('.').slice(-2).join('.')}`, 380, random.size(900, 0.2), options);
  if (random.bool(0.03)) {
    const image = random.size(9_000_000 * home.bulk, 0.3);
    yield* httpsCall(device, `download.${brand.control.split('.').slice(-2).join('.')}`, 300, image, options);
  }
}
