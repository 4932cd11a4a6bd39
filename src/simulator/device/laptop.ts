import { stacks } from '../engine/host.ts';
import { isWeekend } from '../engine/household.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { browse, createFavourites, watchVideo } from '../session/browsing.ts';
import { cloudLink } from '../session/cloud-link.ts';
import { resolve } from '../session/dns.ts';
import { httpCall } from '../session/http.ts';
import { mdnsQuery } from '../session/mdns.ts';
import { nameQuery } from '../session/names.ts';
import { printDocument } from '../session/printing.ts';
import { ssdpDiscover } from '../session/ssdp.ts';
import { sshLogin } from '../session/ssh.ts';
import { syncTime } from '../session/time.ts';
import { httpsCall, openTlsTo } from '../session/tls.ts';
import { rtpPacket } from '../wire/application/rtp.ts';
import type { ClientProfileName } from '../wire/application/tls.ts';
import { ascii } from '../wire/bytes.ts';
import { udpFrame } from '../wire/udp.ts';
import { type Brand, type Device, defineDevice } from './device.ts';

interface LaptopBrand extends Brand {
  readonly profile: ClientProfileName;
  readonly push: string;
  readonly background: readonly string[];
  readonly update: string;
  readonly ntp: string;
  readonly check: readonly [host: string, path: string, body: string];
}

const WINDOWS_LIST = [1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252];

/** A personal computer: work, mail, browsing, calls, backups; asleep when nobody is there. */
export const laptop = defineDevice<LaptopBrand>({
  kind: 'laptop',
  brands: [
    {
      vendor: 'Intel',
      model: 'Windows 11',
      oui: 'a4:c3:f0',
      hostname: 'DESKTOP-#',
      vendorClass: 'MSFT 5.0',
      requestList: WINDOWS_LIST,
      stack: stacks.windows,
      ipv6: true,
      services: [
        [135, 'vendor'],
        [445, 'smb'],
      ],
      profile: 'windows',
      push: 'client.wns.windows.com',
      background: [
        'settings-win.data.microsoft.com',
        'v10.events.data.microsoft.com',
        'login.live.com',
        'onedrive.live.com',
        'edge.microsoft.com',
      ],
      update: 'slscr.update.microsoft.com',
      ntp: 'time.windows.com',
      check: ['www.msftconnecttest.com', '/connecttest.txt', 'Microsoft Connect Test'],
    },
    {
      vendor: 'Apple',
      model: 'MacBook Air',
      oui: 'f0:18:98',
      hostname: 'MacBook-Air',
      vendorClass: null,
      requestList: [1, 121, 3, 6, 15, 108, 114, 119, 252, 95, 44, 46],
      stack: stacks.apple,
      ipv6: true,
      profile: 'apple',
      push: '12-courier.push.apple.com',
      background: [
        'gateway.icloud.com',
        'p42-caldav.icloud.com',
        'xp.apple.com',
        'api.smoot.apple.com',
        'gsp-ssl.ls.apple.com',
      ],
      update: 'swscan.apple.com',
      ntp: 'time.apple.com',
      check: ['captive.apple.com', '/hotspot-detect.html', '<HTML><BODY>Success</BODY></HTML>'],
    },
    {
      vendor: 'Intel',
      model: 'Ubuntu',
      oui: '34:e1:2d',
      hostname: 'thinkpad',
      vendorClass: null,
      requestList: [1, 2, 6, 12, 15, 26, 28, 121, 3, 33, 40, 41, 42, 119, 249, 252, 17],
      stack: stacks.linux,
      ipv6: true,
      services: [[22, 'ssh']],
      profile: 'browser',
      push: 'push.services.mozilla.com',
      background: [
        'firefox.settings.services.mozilla.com',
        'api.snapcraft.io',
        'incoming.telemetry.mozilla.org',
        'motd.ubuntu.com',
      ],
      update: 'archive.ubuntu.com',
      ntp: 'ntp.ubuntu.com',
      check: ['connectivity-check.ubuntu.com', '/', ''],
    },
  ],
  start(device) {
    const { brand, random, habits, home } = device;
    const { profile } = brand;
    const favourites = createFavourites(habits.fork('favourites'));
    const eagerness = habits.logNormal(1, 0.3);
    const used = () => (inUse(device) ? 1 : 0);
    device.spawn(connectivityCheck(device));
    device.spawn(
      cloudLink(device, {
        name: brand.push,
        profile,
        login: [1200, 900],
        heartbeatSeconds: 600,
        heartbeatJitter: 0.1,
        heartbeat: [50, 50],
        maximumEventsPerHour: 6,
        event: (session) => session.exchange(80, random.size(500, 0.6)),
        lifetimeHours: 5,
      }),
    );
    device.spawn(
      device.poisson(
        60,
        () => 8 + 40 * used(),
        () =>
          httpsCall(device, random.pick(brand.background), random.size(1500, 0.9), random.size(2200, 1.2), { profile }),
      ),
    );
    device.spawn(
      device.poisson(
        8,
        () => 3.5 * eagerness * used(),
        () => browse(device, favourites, profile === 'windows' ? 'browser' : profile),
      ),
    );
    device.spawn(
      device.poisson(
        2,
        () => 0.25 * used(),
        () =>
          watchVideo(device, {
            names: ['rr2---sn-4g5ednsl.googlevideo.com'],
            profile: 'browser',
            minutes: random.logNormal(12, 0.7),
            megabitsPerSecond: 4,
          }),
      ),
    );
    device.spawn(device.every(habits.pick([300, 600]), 0.05, () => fetchMail(device)));
    device.spawn(
      device.poisson(
        2,
        () => 0.25 * used() * (isWeekend(device.now) ? 0.3 : 1),
        () => videoCall(device),
      ),
    );
    device.spawn(
      device.poisson(
        2,
        () => 0.12 * used(),
        () => printDocument(device),
      ),
    );
    device.spawn(
      device.poisson(
        1,
        () => 0.5 * used(),
        () => backUp(device),
      ),
    );
    device.spawn(
      device.poisson(
        1,
        () => 0.15 * used(),
        () => administer(device),
      ),
    );
    device.spawn(device.every(300, 0.5, () => (inUse(device) ? lookAround(device) : nothing())));
    device.spawn(device.every(8 * 3600, 0.3, () => syncTime(device, brand.ntp)));
    device.spawn(
      device.every(22 * 3600, 0.3, () =>
        httpsCall(device, brand.update, 1800, random.bool(0.3) ? random.size(250_000_000 * home.bulk, 0.8) : 24_000, {
          profile,
        }),
      ),
    );
  },
});

function* nothing(): Process {
  yield 0;
}

/** Somebody sits at it: in spells, when its owner is at home and awake. */
function inUse(device: Device<LaptopBrand>): boolean {
  const { household } = device.home;
  if (!household.isAwake(device.owner, device.now) || household.isAway(device.owner, device.now)) return false;
  const hour = Math.floor(device.now / (3600 * SECOND));
  return device.habits.fork(hour).bool(isWeekend(device.now) ? 0.45 : 0.6);
}

function* connectivityCheck(device: Device<LaptopBrand>): Process {
  const [host, path, body] = device.brand.check;
  const remote = yield* resolve(device, host);
  if (remote === null) return;
  yield* httpCall(device, remote, {
    method: 'GET',
    path,
    host,
    agent: 'Microsoft NCSI',
    contentType: 'text/plain',
    response: ascii(body),
    server: 'Microsoft-IIS/10.0',
  });
}

function* fetchMail(device: Device<LaptopBrand>): Process {
  const { random } = device;
  const name = 'imap.gmail.com';
  const remote = yield* resolve(device, name);
  if (remote === null) return;
  const session = yield* openTlsTo(device, remote, name, '1.3', {
    profile: device.brand.profile,
    port: 993,
    alpn: [],
    resume: 0.7,
  });
  if (session === null) return;
  yield* session.exchange(60, 180);
  yield* session.exchange(120, 400);
  const messages = random.bool(0.25) ? random.int(1, 4) : 0;
  for (let i = 0; i < messages; i++) yield* session.exchange(90, random.size(26_000, 1.2));
  yield* session.exchange(30, 60);
  yield* session.close();
}

/** Sound and picture both ways as datagrams; the picture's rate is thinned by the bulk factor. */
function* videoCall(device: Device<LaptopBrand>): Process {
  const { random, host, home } = device;
  const name = `turn-${random.int(1, 40)}.teams.skype.com`;
  const remote = yield* resolve(device, name);
  if (remote === null) return;
  yield* httpsCall(device, 'api.flightproxy.teams.microsoft.com', 4200, 7800, { profile: device.brand.profile });
  const port = host.nextPort();
  const end = device.now + Math.min(7200, random.logNormal(1500, 0.6)) * SECOND;
  const gap = 1 / (60 * home.bulk + 6);
  const [mine, theirs] = [random.uint32(), random.uint32()];
  for (let sequence = 0; device.now < end; sequence++) {
    const stamp = Math.floor(device.now / 1000);
    device.send(
      udpFrame(host.v4, port, remote.v4, 3480, rtpPacket(111, sequence, stamp, mine, random.int(60, 160), random)),
    );
    yield random.exponential(gap / 2) * SECOND;
    const size = random.bool(0.4) ? random.int(80, 160) : random.int(700, 1150);
    device.send(udpFrame(remote.v4, 3480, host.v4, port, rtpPacket(107, sequence, stamp, theirs, size, random)));
    yield random.exponential(gap / 2) * SECOND;
  }
}

/** Changed files to the network storage, in the background. */
function* backUp(device: Device<LaptopBrand>): Process {
  const { random, home } = device;
  const [storage] = home.online('nas');
  if (storage === undefined) return;
  const session = yield* openTlsTo(device, storage, null, '1.3', { profile: 'openssl', port: 6690, resume: 0.5 });
  if (session === null) return;
  const files = 1 + Math.floor(random.exponential(12));
  for (let i = 0; i < files; i++) {
    yield* session.exchange(random.size(1_500_000 * home.bulk, 1.2), 240);
    yield* session.pause(random.exponential(0.3));
  }
  yield* session.close();
}

function* administer(device: Device<LaptopBrand>): Process {
  const [server] = [...device.home.online('hub'), ...device.home.online('nas')];
  if (server?.services.has(22)) yield* sshLogin(device, server, true);
}

function* lookAround(device: Device<LaptopBrand>): Process {
  const { random, brand } = device;
  if (brand.profile === 'windows') {
    yield* nameQuery(device, random.pick(['wpad', 'PRINTSERVER', 'FILESERVER']));
    if (random.bool(0.3)) yield* ssdpDiscover(device, 'urn:schemas-upnp-org:device:InternetGatewayDevice:1', 3);
  }
  yield* mdnsQuery(device, ['_ipp._tcp', '_airplay._tcp', '_googlecast._tcp', '_smb._tcp']);
}
