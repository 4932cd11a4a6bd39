import { hourOfDay } from '../engine/household.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { resolve } from '../session/dns.ts';
import { syncTime } from '../session/time.ts';
import { httpsCall, openTls } from '../session/tls.ts';
import { rtpPacket } from '../wire/application/rtp.ts';
import { udpFrame } from '../wire/udp.ts';
import { type Brand, type Device, defineDevice } from './device.ts';
import { busybox } from './system.ts';

interface DoorbellBrand extends Brand {
  readonly control: string;
  readonly media: string;
  readonly events: string;
}

/** A video doorbell: passers-by, visitors, and a picture to the telephone when it rings. */
export const doorbell = defineDevice<DoorbellBrand>({
  kind: 'doorbell',
  brands: [
    {
      vendor: 'Ring',
      model: 'Video Doorbell Pro',
      oui: '5c:47:5e',
      hostname: 'Ring-#',
      ...busybox('1.24.2'),
      control: 'fw-eu.ring.com',
      media: 'wv-eu-01.ring.com',
      events: 'es.ring.com',
    },
    {
      vendor: 'Eufy',
      model: 'Doorbell 2K',
      oui: '8c:85:80',
      hostname: 'eufy-doorbell',
      ...busybox('1.29.3'),
      services: [
        [554, 'rtsp'],
        [23, 'telnet'],
      ],
      control: 'security-smart-eu.eufylife.com',
      media: 'p2p-eu-1.eufylife.com',
      events: 'zhixin-security-eu.eufylife.com',
    },
  ],
  start(device) {
    const { brand, random, habits } = device;
    device.link(brand.control, 'mbedtls', {
      login: [1000, 800],
      heartbeatSeconds: habits.pick([20, 30, 60]),
      heartbeat: [habits.int(40, 90), habits.int(30, 60)],
      lifetimeHours: 12,
    });
    const busyness = habits.logNormal(1, 0.4);
    const street = () => (hourOfDay(device.now) > 7 && hourOfDay(device.now) < 22 ? 2.5 : 0.15);
    device.spawn(
      device.poisson(
        20,
        () => busyness * street(),
        () => record(device),
      ),
    );
    device.spawn(
      device.poisson(
        2,
        () => (device.people > 0 && street() > 1 ? 0.18 : 0.02),
        () => ring(device),
      ),
    );
    device.spawn(device.every(habits.pick([40, 900, 3600]), 0.03, () => syncTime(device, 'pool.ntp.org')));
    device.spawn(
      device.every(24 * 3600, 0.1, () =>
        httpsCall(device, brand.control, random.size(4000, 0.4), 500, { profile: 'mbedtls' }),
      ),
    );
  },
});

/** Motion: the event, then the clip in pieces while it is recorded. */
function* record(device: Device<DoorbellBrand>): Process {
  const { random, brand } = device;
  yield* httpsCall(device, brand.events, random.size(1300, 0.3), random.size(300, 0.2), {
    profile: 'mbedtls',
    resume: 0.6,
  });
  const session = yield* openTls(device, brand.media, { profile: 'mbedtls', resume: 0.3 });
  if (session === null) return;
  const end = device.now + random.logNormal(22, 0.4) * SECOND;
  while (device.now < end) {
    yield* session.exchange(random.size(60_000, 0.4), 90);
    yield* session.pause(random.uniform(0.8, 1.6));
  }
  yield* session.close();
}

/** Somebody rings, somebody answers on the telephone: sound and picture as datagrams. */
function* ring(device: Device<DoorbellBrand>): Process {
  const { random, brand, host, home } = device;
  yield* httpsCall(device, brand.events, random.size(1500, 0.3), random.size(600, 0.2), {
    profile: 'mbedtls',
    resume: 0.6,
  });
  const remote = yield* resolve(device, brand.media);
  if (remote === null) return;
  const port = host.nextPort();
  const source = random.uint32();
  const end = device.now + random.logNormal(35, 0.4) * SECOND;
  const gap = 1 / (90 * home.bulk + 8);
  for (let sequence = 0; device.now < end; sequence++) {
    const stamp = Math.floor(device.now / 11);
    device.send(
      udpFrame(host.v4, port, remote.v4, 15063, rtpPacket(96, sequence, stamp, source, random.int(500, 1180), random)),
    );
    if (sequence % 4 === 3) {
      device.send(udpFrame(remote.v4, 15063, host.v4, port, rtpPacket(8, sequence, stamp, source ^ 1, 160, random)));
    }
    yield random.exponential(gap) * SECOND;
  }
}
