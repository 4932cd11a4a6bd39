import { stacks } from '../engine/host.ts';
import type { Process } from '../engine/simulation.ts';
import { httpCall } from '../session/http.ts';
import { mdnsQuery } from '../session/mdns.ts';
import { ssdpDiscover } from '../session/ssdp.ts';
import { openTcp } from '../session/tcp.ts';
import { syncTime } from '../session/time.ts';
import { httpsCall } from '../session/tls.ts';
import { opaque } from '../wire/application/opaque.ts';
import { ascii } from '../wire/bytes.ts';
import { type Brand, type Device, defineDevice } from './device.ts';

interface HubBrand extends Brand {
  readonly sources: readonly string[];
}

/** The home's own automation server: MQTT broker, web page, asks the other devices how they are. */
export const hub = defineDevice<HubBrand>({
  kind: 'hub',
  brands: [
    {
      vendor: 'Raspberry Pi',
      model: 'Home Assistant',
      oui: 'dc:a6:32',
      hostname: 'homeassistant',
      vendorClass: null,
      requestList: [1, 2, 6, 12, 15, 26, 28, 121, 3, 33, 40, 41, 42, 119, 249, 252, 17],
      stack: stacks.linux,
      wired: true,
      ipv6: true,
      services: [
        [22, 'ssh'],
        [1883, 'mqtt'],
        [8123, 'http'],
      ],
      sources: [
        'version.home-assistant.io',
        'alerts.home-assistant.io',
        'aa015h6buqvih86i1.api.met.no',
        'api.github.com',
        'ghcr.io',
      ],
    },
    {
      vendor: 'Raspberry Pi',
      model: 'openHABian',
      oui: 'b8:27:eb',
      hostname: 'openhabian',
      vendorClass: 'dhcpcd-8.1.2:Linux-5.10.63-v7+:armv7l:BCM2835',
      requestList: [1, 121, 33, 3, 6, 12, 15, 28, 51, 54, 58, 59, 119],
      stack: stacks.linux,
      wired: true,
      services: [
        [22, 'ssh'],
        [80, 'http'],
        [1883, 'mqtt'],
        [8080, 'http'],
      ],
      sources: ['openhab.jfrog.io', 'api.openweathermap.org', 'myopenhab.org', 'deb.debian.org'],
    },
  ],
  start(device) {
    const { brand, random, habits, home } = device;
    device.spawn(device.every(habits.pick([10, 20, 30]), 0.01, () => pollPlugs(device)));
    device.spawn(device.every(habits.pick([10, 30, 60]), 0.01, () => pollBridge(device)));
    if (habits.bool(0.4)) device.spawn(device.every(habits.pick([30, 60, 300]), 0.01, () => pollMoved(device)));
    device.spawn(
      device.poisson(
        8,
        () => 5,
        () =>
          httpsCall(device, random.pick(brand.sources), random.size(520, 0.3), random.size(6000, 0.9), {
            profile: 'openssl',
          }),
      ),
    );
    device.spawn(
      device.every(600, 0.1, () => mdnsQuery(device, ['_hue._tcp', '_googlecast._tcp', '_ipp._tcp', '_airplay._tcp'])),
    );
    device.spawn(device.every(1800, 0.1, () => ssdpDiscover(device, 'ssdp:all', 1)));
    device.spawn(device.every(2048, 0.02, () => syncTime(device, '2.debian.pool.ntp.org')));
    device.offer([
      {
        type: '_home-assistant._tcp',
        instance: 'Home',
        port: 8123,
        texts: ['version=2026.2.1', `uuid=${device.uuid().replaceAll('-', '')}`, 'requires_api_password=True'],
      },
    ]);
    device.spawn(
      device.every(24 * 3600, 0.05, () =>
        httpsCall(
          device,
          brand.sources[0]!,
          900,
          random.bool(0.15) ? random.size(90_000_000 * home.bulk, 0.3) : 30_000,
          { profile: 'openssl' },
        ),
      ),
    );
  },
});

/** Plugs with a local protocol are asked for their reading over a connection of its own each time. */
function* pollPlugs(device: Device<HubBrand>): Process {
  for (const plug of device.home.online('plug')) {
    if (!plug.services.has(9999)) continue;
    const tcp = yield* openTcp(device, plug, 9999);
    if (tcp === null) continue;
    yield* tcp.send(0, opaque(46, device.random), 0.0005);
    yield* tcp.send(1, opaque(device.random.int(148, 156), device.random), 0.004);
    yield* tcp.close();
  }
}

/** An integration that was set up for a service which is no longer there: refused, or nobody at home. */
function* pollMoved(device: Device<HubBrand>): Process {
  const { home, habits } = device;
  const others = home.hosts.filter((host) => host !== device.host);
  const wanted = habits.fork('moved');
  if (others.length > 0) yield* openTcp(device, wanted.pick(others), wanted.pick([81, 8081, 8888, 4999]));
}

function* pollBridge(device: Device<HubBrand>): Process {
  for (const bridge of device.home.online('light-bridge')) {
    if (!bridge.services.has(80)) continue;
    const lights = 6 + (bridge.mac[5]! % 9);
    const states = Array.from(
      { length: lights },
      (_, i) =>
        `"${i + 1}":{"state":{"on":${device.random.bool(0.3)},"bri":${device.random.int(1, 254)},"reachable":true},"type":"Extended color light"}`,
    );
    yield* httpCall(device, bridge, {
      method: 'GET',
      path: `/api/${device.habits.fork('key').hex(40)}/lights`,
      agent: 'python-requests/2.31.0',
      response: ascii(`{${states.join(',')}}`),
      server: 'nginx',
    });
  }
}
