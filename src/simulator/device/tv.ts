import { stacks } from '../engine/host.ts';
import { hourOfDay, isWeekend } from '../engine/household.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { watchVideo } from '../session/browsing.ts';
import { mdnsQuery } from '../session/mdns.ts';
import { ssdpDiscover } from '../session/ssdp.ts';
import { syncTime } from '../session/time.ts';
import { httpsCall } from '../session/tls.ts';
import { type Brand, type Device, defineDevice } from './device.ts';
import { busybox } from './system.ts';

interface TvBrand extends Brand {
  readonly cloud: string;
  readonly telemetry: readonly string[];
  readonly ntp: string;
  readonly dialPort: number;
  readonly upnpServer: string;
}

const STREAMS: ReadonlyArray<readonly string[]> = [
  ['ipv4-c001-ams001-ix.1.oca.nflxvideo.net', 'ipv4-c007-fra002-ix.1.oca.nflxvideo.net', 'api-global.netflix.com'],
  ['rr3---sn-4g5e6nz7.googlevideo.com', 'rr5---sn-4g5lznes.googlevideo.com'],
  ['vod-akc-eu-central-1.media.dssott.com', 'vod-ftc-eu-central-1.media.dssott.com'],
  ['atv-ps-eu.amazon.com', 's3-dub-w.cf.dash.row.aiv-cdn.net'],
];

/** A television: hours of streaming in the evening, telemetry all day. */
export const tv = defineDevice<TvBrand>({
  kind: 'tv',
  brands: [
    {
      vendor: 'Samsung',
      model: 'UE55',
      oui: '8c:79:f5',
      hostname: 'Samsung',
      ...busybox('1.21.1', stacks.linux),
      wired: true,
      ipv6: true,
      services: [
        [8001, 'http'],
        [8002, 'https'],
        [9197, 'http'],
      ],
      cloud: 'osb-apps-v2.samsungqbe.com',
      telemetry: [
        'log-config.samsungacr.com',
        'samsungads.com',
        'cdn.samsungcloudsolution.com',
        'api.samsungcloud.com',
      ],
      ntp: 'ntp.samsungcloudsolution.com',
      dialPort: 8001,
      upnpServer: 'SHP, UPnP/1.0, Samsung UPnP SDK/1.0',
    },
    {
      vendor: 'LG',
      model: 'OLED55',
      oui: '58:fd:b1',
      hostname: 'LGwebOSTV',
      ...busybox('1.27.2', stacks.linux),
      ipv6: true,
      services: [
        [3000, 'http'],
        [3001, 'https'],
        [1918, 'http'],
      ],
      cloud: 'eic.rdl.lgtvcommon.com',
      telemetry: ['lgtvonline.lge.com', 'eu.info.lgsmartad.com', 'ngfts.lge.com', 'aic.homeprv.lgtvcommon.com'],
      ntp: 'pool.ntp.org',
      dialPort: 1918,
      upnpServer: 'WebOS/4.1.0 UPnP/1.0',
    },
    {
      vendor: 'Roku',
      model: 'Express',
      oui: 'b0:a7:37',
      hostname: 'Roku-#',
      vendorClass: 'Roku/DVP-12.0',
      requestList: [1, 3, 6, 12, 15, 28, 43],
      stack: stacks.embedded,
      services: [[8060, 'http']],
      cloud: 'api.sr.roku.com',
      telemetry: ['scribe.logs.roku.com', 'cooper.logs.roku.com', 'configsvc.cs.roku.com', 'austin.logs.roku.com'],
      ntp: '0.pool.ntp.org',
      dialPort: 8060,
      upnpServer: 'Roku/12.0 UPnP/1.0 Roku/12.0',
    },
  ],
  start(device) {
    const { brand, random, habits, home } = device;
    const taste = habits.logNormal(1, 0.4);
    device.link(brand.cloud, 'openssl', {
      login: [1500, 2600],
      heartbeatSeconds: habits.pick([60, 120, 300]),
      heartbeat: [90, 60],
      lifetimeHours: 6,
    });
    device.spawn(
      device.poisson(
        60,
        () => 4 + 20 * Math.min(1, device.people),
        () =>
          httpsCall(device, random.pick(brand.telemetry), random.size(1600, 0.9), random.size(900, 1), {
            profile: 'openssl',
          }),
      ),
    );
    device.spawn(
      device.poisson(
        3,
        () => taste * watching(device),
        () => evening(device),
      ),
    );
    device.offerUpnp(
      {
        location: `http://${device.host.v4.ip.join('.')}:${brand.dialPort}/dial/dd.xml`,
        server: brand.upnpServer,
        types: [
          'upnp:rootdevice',
          'urn:dial-multiscreen-org:service:dial:1',
          'urn:schemas-upnp-org:device:MediaRenderer:1',
        ],
        uuid: device.uuid(),
      },
      habits.pick([300, 600, 1200]),
    );
    device.offer([
      {
        type: '_airplay._tcp',
        instance: `${brand.vendor} ${brand.model}`,
        port: 7000,
        texts: [`deviceid=${device.macTail(6)}`, `model=${brand.model}`, 'features=0x7F8AD0'],
      },
    ]);
    device.spawn(device.every(1200, 0.3, () => ssdpDiscover(device, 'ssdp:all', 1)));
    device.spawn(device.every(900, 0.3, () => mdnsQuery(device, ['_googlecast._tcp', '_airplay._tcp', '_hue._tcp'])));
    device.spawn(device.every(habits.pick([3600, 7200]), 0.05, () => syncTime(device, brand.ntp)));
    device.spawn(
      device.every(26 * 3600, 0.2, () =>
        httpsCall(
          device,
          `update.${brand.cloud.split('.').slice(-2).join('.')}`,
          700,
          random.bool(0.06) ? random.size(300_000_000 * home.bulk * 0.1, 0.2) : 2400,
          { profile: 'openssl' },
        ),
      ),
    );
  },
});

/** Evenings begun per hour: when people are in, mostly after dinner, at weekends also earlier. */
function watching(device: Device<TvBrand>): number {
  if (device.people === 0) return 0;
  const hour = hourOfDay(device.now);
  if (hour >= 18 && hour < 23) return 0.9;
  return isWeekend(device.now) && hour > 9 ? 0.3 : 0.08;
}

function* evening(device: Device<TvBrand>): Process {
  const { random } = device;
  const films = 1 + Math.floor(random.exponential(1));
  for (let i = 0; i < films; i++) {
    const [first, ...others] = random.pick(STREAMS);
    yield* httpsCall(device, others.at(-1) ?? first!, random.size(2200, 0.3), random.size(60_000, 0.6), {
      profile: 'openssl',
    });
    const minutes = Math.min(150, random.logNormal(38, 0.5));
    yield* watchVideo(device, { names: [first!, ...others], profile: 'openssl', minutes, megabitsPerSecond: 6 });
    yield random.exponential(120) * SECOND;
  }
}
