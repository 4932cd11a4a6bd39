import { stacks } from '../engine/host.ts';
import { hourOfDay, isWeekend } from '../engine/household.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { resolve } from '../session/dns.ts';
import { syncTime } from '../session/time.ts';
import { httpsCall } from '../session/tls.ts';
import { vendorDatagram } from '../wire/application/opaque.ts';
import { udpFrame } from '../wire/udp.ts';
import { type Brand, type Device, defineDevice } from './device.ts';

interface ConsoleBrand extends Brand {
  readonly presence: string;
  readonly backends: readonly string[];
  readonly game: string;
  readonly gamePort: number;
  readonly download: string;
}

const GAME_MAGIC = [0x0d, 0x01, 0x00, 0x42];

/** A games console: asleep by day, matches in the evening, a large download now and then. */
export const gameConsole = defineDevice<ConsoleBrand>({
  kind: 'console',
  brands: [
    {
      vendor: 'Sony',
      model: 'PlayStation 5',
      oui: 'bc:33:29',
      hostname: 'PS5-#',
      vendorClass: 'PS5',
      requestList: [1, 3, 15, 6],
      stack: stacks.linux,
      wired: true,
      presence: 'mobile-pushcl.np.communication.playstation.net',
      backends: [
        'auth.api.sonyentertainmentnetwork.com',
        'telemetry-console.api.playstation.com',
        'm.np.playstation.net',
      ],
      game: 'matchmaking.fifaonline.ea.com',
      gamePort: 9308,
      download: 'gs2.ww.prod.dl.playstation.net',
    },
    {
      vendor: 'Microsoft',
      model: 'Xbox Series S',
      oui: '94:9a:a9',
      hostname: 'XboxOne',
      vendorClass: 'MSFT_XBOX',
      requestList: [1, 15, 3, 6, 44, 46, 47, 31, 33, 121, 249, 43],
      stack: stacks.windows,
      ipv6: true,
      presence: 'rta.xboxlive.com',
      backends: ['user.auth.xboxlive.com', 'title.mgt.xboxlive.com', 'v10.events.data.microsoft.com'],
      game: 'eu-west.gameservers.halowaypoint.com',
      gamePort: 3074,
      download: 'assets1.xboxlive.com',
    },
    {
      vendor: 'Nintendo',
      model: 'Switch',
      oui: '98:41:5c',
      hostname: null,
      vendorClass: null,
      requestList: [1, 3, 6, 15, 28],
      stack: stacks.embedded,
      presence: 'receive-lp1.dg.srv.nintendo.net',
      backends: ['dauth-lp1.ndas.srv.nintendo.net', 'conntest.nintendowifi.net'],
      game: 'g22306d00-lp1.s.n.srv.nintendo.net',
      gamePort: 45_000,
      download: 'atum.hac.lp1.d4c.nintendo.net',
    },
  ],
  start(device) {
    const { brand, random, habits, home } = device;
    device.link(brand.presence, 'openssl', {
      login: [1500, 1200],
      heartbeatSeconds: habits.pick([120, 300]),
      heartbeat: [60, 50],
      lifetimeHours: 8,
    });
    device.spawn(
      device.poisson(
        20,
        () => (device.people > 0 ? 4 : 1),
        () =>
          httpsCall(device, random.pick(brand.backends), random.size(1800, 0.6), random.size(1600, 0.8), {
            profile: 'openssl',
          }),
      ),
    );
    device.spawn(
      device.poisson(
        2,
        () => playing(device),
        () => play(device),
      ),
    );
    device.spawn(
      device.every(30 * 3600, 0.5, () =>
        httpsCall(device, brand.download, 900, random.size(400_000_000 * home.bulk, 0.9), { profile: 'openssl' }),
      ),
    );
    device.spawn(device.every(12 * 3600, 0.1, () => syncTime(device, 'time.windows.com')));
  },
});

function playing(device: Device<ConsoleBrand>): number {
  if (device.people === 0) return 0;
  const hour = hourOfDay(device.now);
  if (hour > 16 && hour < 23) return 0.4;
  return isWeekend(device.now) && hour > 10 ? 0.25 : 0.03;
}

/** Matches: small datagrams at a steady beat both ways; the beat is thinned by the bulk factor. */
function* play(device: Device<ConsoleBrand>): Process {
  const { random, brand, host, home } = device;
  const port = brand.gamePort;
  const matches = 1 + Math.floor(random.exponential(3));
  for (let match = 0; match < matches; match++) {
    yield* httpsCall(device, random.pick(brand.backends), random.size(3000, 0.4), random.size(9000, 0.6), {
      profile: 'openssl',
    });
    const remote = yield* resolve(device, `${match % 3}.${brand.game}`);
    if (remote === null) return;
    const remotePort = random.int(61_200, 64_000);
    const end = device.now + random.logNormal(600, 0.4) * SECOND;
    const gap = 1 / (60 * home.bulk + 3);
    while (device.now < end) {
      device.send(
        udpFrame(host.v4, port, remote.v4, remotePort, vendorDatagram(GAME_MAGIC, random.int(52, 110), random)),
      );
      yield random.jitter(gap / 2, 0.2) * SECOND;
      device.send(
        udpFrame(remote.v4, remotePort, host.v4, port, vendorDatagram(GAME_MAGIC, random.size(180, 0.4), random)),
      );
      yield random.jitter(gap / 2, 0.2) * SECOND;
    }
    yield random.uniform(20, 240) * SECOND;
  }
}
