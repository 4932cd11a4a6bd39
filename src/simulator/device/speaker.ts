import { stacks } from '../engine/host.ts';
import type { Process } from '../engine/simulation.ts';
import { resolve } from '../session/dns.ts';
import { httpCall } from '../session/http.ts';
import { mdnsQuery } from '../session/mdns.ts';
import { ssdpDiscover } from '../session/ssdp.ts';
import { syncTime } from '../session/time.ts';
import { httpsCall, openTls } from '../session/tls.ts';
import { type Brand, type Device, defineDevice } from './device.ts';
import { busybox } from './system.ts';

interface SpeakerBrand extends Brand {
  readonly voice: string;
  readonly metrics: readonly string[];
  readonly music: string;
  readonly ntp: string;
  readonly check: string;
  readonly cast: boolean;
}

/** A voice assistant: questions, music, a great deal of telemetry. */
export const speaker = defineDevice<SpeakerBrand>({
  kind: 'speaker',
  brands: [
    {
      vendor: 'Amazon',
      model: 'Echo Dot',
      oui: 'fc:65:de',
      hostname: 'amazon-#',
      vendorClass: 'dhcpcd-5.5.6:Linux-4.4.22:armv7l:MT8163',
      requestList: [1, 33, 3, 6, 15, 28, 51, 58, 59],
      stack: stacks.android,
      services: [
        [4070, 'vendor'],
        [55442, 'http'],
      ],
      voice: 'avs-alexa-4-eu.amazon.com',
      metrics: [
        'device-metrics-us-2.amazon.com',
        'api.amazonalexa.com',
        'dcape-na.amazon.com',
        'arcus-uswest.amazon.com',
      ],
      music: 'audio-ak-spotify-com.akamaized.net',
      ntp: 'ntp-g7g.amazon.com',
      check: 'spectrum.s3.amazonaws.com',
      cast: false,
    },
    {
      vendor: 'Google',
      model: 'Nest Mini',
      oui: '20:df:b9',
      hostname: 'Google-Nest-Mini',
      vendorClass: 'dhcpcd-6.8.2:Linux-4.9.113:aarch64:Amlogic',
      requestList: [1, 33, 3, 6, 15, 26, 28, 51, 58, 59],
      stack: stacks.linux,
      ipv6: true,
      services: [
        [8008, 'http'],
        [8009, 'vendor'],
        [8443, 'https'],
      ],
      voice: 'embeddedassistant.googleapis.com',
      metrics: ['clients4.google.com', 'play.googleapis.com', 'www.google.com'],
      music: 'audio-fa.scdn.co',
      ntp: 'time.google.com',
      check: 'connectivitycheck.gstatic.com',
      cast: true,
    },
    {
      vendor: 'Sonos',
      model: 'One',
      oui: '94:9f:3e',
      hostname: 'SonosZP',
      ...busybox('1.24.1'),
      services: [
        [1400, 'http'],
        [1443, 'https'],
      ],
      voice: 'avs-alexa-4-eu.amazon.com',
      metrics: ['msmetrics.ws.sonos.com', 'update-firmware.sonos.com'],
      music: 'audio-ak-spotify-com.akamaized.net',
      ntp: '0.sonostime.pool.ntp.org',
      check: 'conn-i-check.sonos.com',
      cast: false,
    },
  ],
  start(device) {
    const { brand, random, habits, home } = device;
    const use = habits.logNormal(1, 0.5);
    device.link(brand.voice, 'openssl', {
      alpn: ['h2'],
      login: [1800, 1400],
      heartbeatSeconds: habits.pick([180, 300]),
      heartbeat: [46, 46],
      maximumEventsPerHour: 20,
      eventRate: () => 0.3 + 1.6 * use * device.people,
      event: function* (session) {
        // The question as sound, the answer as sound.
        yield* session.send(0, random.size(46_000, 0.4));
        yield* session.send(1, random.size(38_000, 0.7), random.uniform(0.4, 1.6));
      },
      lifetimeHours: 9,
    });
    device.spawn(
      device.poisson(
        30,
        () => 6 + 8 * Math.min(1, device.people),
        () =>
          httpsCall(device, random.pick(brand.metrics), random.size(1900, 0.8), random.size(700, 0.6), {
            profile: 'openssl',
          }),
      ),
    );
    device.spawn(
      device.poisson(
        2,
        () => 0.35 * use * device.people,
        () => playMusic(device),
      ),
    );
    device.spawn(device.every(habits.pick([300, 900]), 0.05, () => connectivityCheck(device)));
    device.spawn(device.every(habits.pick([1024, 3600]), 0.05, () => syncTime(device, brand.ntp)));
    if (brand.cast) {
      device.offer([
        {
          type: '_googlecast._tcp',
          instance: `Google-Nest-Mini-${device.uuid().replaceAll('-', '')}`,
          port: 8009,
          texts: [`id=${device.uuid().replaceAll('-', '')}`, 'md=Google Nest Mini', 'fn=Kitchen', 'ca=199172'],
        },
      ]);
    } else {
      device.offerUpnp(
        {
          location: `http://${device.host.v4.ip.join('.')}:1400/xml/device_description.xml`,
          server: 'Linux UPnP/1.0 Sonos/70.3-35220',
          types: ['upnp:rootdevice', 'urn:schemas-upnp-org:device:ZonePlayer:1'],
          uuid: device.uuid(),
        },
        habits.pick([300, 900]),
      );
      device.spawn(device.every(1800, 0.2, () => ssdpDiscover(device, 'ssdp:all', 1)));
    }
    device.spawn(device.every(600, 0.3, () => mdnsQuery(device, ['_googlecast._tcp', '_spotify-connect._tcp'])));
    device.spawn(
      device.every(20 * 3600, 0.2, () =>
        httpsCall(device, brand.check, 500, random.bool(0.05) ? random.size(40_000_000 * home.bulk, 0.3) : 1200, {
          profile: 'openssl',
        }),
      ),
    );
  },
});

/** Pieces of a song ahead of time, song after song. */
function* playMusic(device: Device<SpeakerBrand>): Process {
  const { random, brand } = device;
  const songs = 1 + Math.floor(random.exponential(6));
  const session = yield* openTls(device, brand.music, { profile: 'openssl' });
  if (session === null) return;
  for (let song = 0; song < songs; song++) {
    const seconds = random.logNormal(210, 0.25);
    for (let at = 0; at < seconds; at += 30) {
      yield* session.exchange(random.size(420, 0.1), random.size(480_000 * Math.sqrt(device.home.bulk), 0.15));
      yield* session.pause(30 * random.uniform(0.85, 1.05));
    }
  }
  yield* session.close();
}

function* connectivityCheck(device: Device<SpeakerBrand>): Process {
  const remote = yield* resolve(device, device.brand.check);
  if (remote === null) return;
  yield* httpCall(device, remote, {
    method: 'GET',
    path: '/generate_204',
    host: device.brand.check,
    agent: 'Mozilla/5.0 (Linux; U)',
    status: '204 No Content',
    contentType: 'text/html',
    response: new Uint8Array(0),
    server: 'gws',
  });
}
