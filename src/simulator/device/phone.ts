import { stacks } from '../engine/host.ts';
import { MINUTE, type Process, SECOND } from '../engine/simulation.ts';
import { browse, createFavourites, watchVideo } from '../session/browsing.ts';
import { cloudLink } from '../session/cloud-link.ts';
import { mdnsQuery } from '../session/mdns.ts';
import { ssdpDiscover } from '../session/ssdp.ts';
import { syncTime } from '../session/time.ts';
import { httpsCall } from '../session/tls.ts';
import { openWeb } from '../session/web.ts';
import { type Brand, type Device, defineDevice } from './device.ts';

interface PhoneBrand extends Brand {
  readonly system: 'apple' | 'android';
}

const APPLE_LIST = [1, 121, 3, 6, 15, 108, 114, 119, 252];
const ANDROID_LIST = [1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114, 108];

/** A smartphone: push connection, background refresh, and whatever its owner does on it. */
export const phone = defineDevice<PhoneBrand>({
  kind: 'phone',
  carried: true,
  brands: [
    {
      vendor: 'Apple',
      model: 'iPhone',
      oui: null,
      hostname: 'iPhone',
      vendorClass: null,
      requestList: APPLE_LIST,
      stack: stacks.apple,
      ipv6: true,
      system: 'apple',
    },
    {
      vendor: 'Samsung',
      model: 'Galaxy S23',
      oui: null,
      hostname: 'Galaxy-S23',
      vendorClass: 'android-dhcp-14',
      requestList: ANDROID_LIST,
      stack: stacks.android,
      ipv6: true,
      system: 'android',
    },
    {
      vendor: 'Google',
      model: 'Pixel 8',
      oui: null,
      hostname: 'Pixel-8',
      vendorClass: 'android-dhcp-15',
      requestList: ANDROID_LIST,
      stack: stacks.android,
      ipv6: true,
      system: 'android',
    },
    {
      vendor: 'Xiaomi',
      model: 'Redmi Note 12',
      oui: '64:dd:e9',
      hostname: 'RedmiNote12',
      vendorClass: 'android-dhcp-13',
      requestList: ANDROID_LIST,
      stack: stacks.android,
      ipv6: true,
      system: 'android',
    },
  ],
  start(device) {
    const { brand, random, habits, home } = device;
    const apple = brand.system === 'apple';
    const profile = apple ? 'apple' : 'browser';
    const favourites = createFavourites(habits.fork('favourites'));
    const awake = () => home.household.isAwake(device.owner, device.now);
    device.spawn(
      cloudLink(device, {
        name: apple ? '1-courier.push.apple.com' : 'mtalk.google.com',
        port: apple ? 5223 : 5228,
        profile,
        login: [900, 600],
        heartbeatSeconds: apple ? 900 : 1680,
        heartbeatJitter: 0.2,
        heartbeat: [40, 40],
        maximumEventsPerHour: 25,
        eventRate: () => (awake() ? 18 : 3),
        event: (session) => session.exchange(60, random.size(700, 0.7)),
        lifetimeHours: 10,
      }),
    );
    const background = apple
      ? [
          'gateway.icloud.com',
          'p42-contacts.icloud.com',
          'api.weather.com',
          'imap.mail.me.com',
          'e.crashlytics.com',
          'init.itunes.apple.com',
        ]
      : [
          'android.googleapis.com',
          'play.googleapis.com',
          'www.googleapis.com',
          'app-measurement.com',
          'graph.facebook.com',
          'api.weather.com',
        ];
    device.spawn(
      device.poisson(
        40,
        () => (awake() ? 36 : 9),
        () => httpsCall(device, random.pick(background), random.size(900, 0.7), random.size(2500, 1.1), { profile }),
      ),
    );
    const eagerness = habits.logNormal(1, 0.4);
    device.spawn(
      device.poisson(
        8,
        () => (awake() ? 2.2 * eagerness : 0),
        () => browse(device, favourites, profile),
      ),
    );
    device.spawn(
      device.poisson(
        3,
        () => (awake() ? 0.5 * eagerness : 0),
        () => shortVideos(device, profile),
      ),
    );
    device.spawn(
      device.poisson(
        2,
        () => (awake() ? 0.3 : 0.05),
        () => uploadPhotos(device, apple),
      ),
    );
    device.spawn(
      device.poisson(
        12,
        () => (awake() ? 5 : 0.5),
        () => lookAround(device),
      ),
    );
    device.spawn(device.every(6 * 3600, 0.3, () => syncTime(device, apple ? 'time.apple.com' : 'time.android.com')));
  },
});

function* shortVideos(device: Device<PhoneBrand>, profile: 'apple' | 'browser'): Process {
  const names = device.random.bool(0.6)
    ? [`rr${device.random.int(1, 6)}---sn-4g5e6nz7.googlevideo.com`]
    : ['v16-webapp.tiktok.com', 'scontent.cdninstagram.com'];
  const minutes = Math.min(60, device.random.logNormal(7, 0.8));
  yield* watchVideo(device, { names, profile, minutes, megabitsPerSecond: 2.5 });
}

function* uploadPhotos(device: Device<PhoneBrand>, apple: boolean): Process {
  const { random, home } = device;
  const name = apple ? 'p42-content.icloud.com' : 'photos.googleapis.com';
  const session = yield* openWeb(device, name, { profile: apple ? 'apple' : 'browser' });
  if (session === null) return;
  const photos = 1 + Math.floor(random.exponential(3));
  for (let i = 0; i < photos; i++) {
    yield* session.exchange(random.size(2_400_000 * home.bulk, 0.5), random.size(600, 0.2));
    yield* session.pause(random.exponential(1.5));
  }
  yield* session.close();
}

/** An application that can cast or print looks for devices. */
function* lookAround(device: Device<PhoneBrand>): Process {
  if (device.brand.system === 'apple') {
    yield* mdnsQuery(device, ['_airplay._tcp', '_raop._tcp', '_companion-link._tcp', '_sleep-proxy._udp']);
  } else {
    yield* mdnsQuery(device, ['_googlecast._tcp']);
    if (device.random.bool(0.3)) yield* ssdpDiscover(device, 'urn:dial-multiscreen-org:service:dial:1');
  }
  yield Math.min(MINUTE, device.random.exponential(5) * SECOND);
}
