import { stacks } from '../engine/host.ts';
import { hourOfDay } from '../engine/household.ts';
import { syncTime } from '../session/time.ts';
import { httpsCall } from '../session/tls.ts';
import { type Brand, defineDevice } from './device.ts';
import { busybox } from './system.ts';

interface BridgeBrand extends Brand {
  readonly cloud: string;
  readonly update: string;
  readonly ntp: string;
  readonly mdnsType: string;
}

/** The bridge of a lighting system: local interface, discovery by mDNS and UPnP, a line to the maker. */
export const lightBridge = defineDevice<BridgeBrand>({
  kind: 'light-bridge',
  brands: [
    {
      vendor: 'Philips',
      model: 'Hue Bridge',
      oui: '00:17:88',
      hostname: 'Philips-hue',
      ...busybox('1.19.4'),
      wired: true,
      ipv6: true,
      services: [
        [80, 'http'],
        [443, 'https'],
      ],
      cloud: 'ws.meethue.com',
      update: 'diagnostics.meethue.com',
      ntp: 'time1.google.com',
      mdnsType: '_hue._tcp',
    },
    {
      vendor: 'IKEA',
      model: 'Dirigera',
      oui: '68:ec:8a',
      hostname: 'dirigera',
      ...busybox('1.31.1'),
      wired: true,
      ipv6: true,
      services: [
        [443, 'https'],
        [8443, 'https'],
      ],
      cloud: 'devices.homesmart.ikea.com',
      update: 'fw.ota.homesmart.ikea.com',
      ntp: '2.pool.ntp.org',
      mdnsType: '_ihsp._tcp',
    },
    {
      vendor: 'Osram',
      model: 'Lightify Gateway',
      oui: '84:18:26',
      hostname: 'Lightify-#',
      vendorClass: null,
      requestList: [1, 3, 6, 15, 28],
      stack: stacks.lwip,
      services: [[4000, 'vendor']],
      cloud: 'lightify.iot.osram.com',
      update: 'update.iot.osram.com',
      ntp: 'pool.ntp.org',
      mdnsType: '_lightify-gw._tcp',
    },
  ],
  start(device) {
    const { brand, random, habits } = device;
    const id = `${device.macTail(3)}`;
    device.link(brand.cloud, 'mbedtls', {
      login: [1300, 1100],
      heartbeatSeconds: habits.pick([30, 55, 120]),
      heartbeat: [habits.int(20, 60), habits.int(10, 40)],
      maximumEventsPerHour: 30,
      // Lamps are switched by people, mostly when it is dark.
      eventRate: () => (hourOfDay(device.now) > 16.5 || hourOfDay(device.now) < 8 ? 4 : 1) * device.people + 0.1,
      event: (session) => session.exchange(random.size(420, 0.5), random.size(90, 0.2)),
      lifetimeHours: 20,
    });
    device.offer([
      {
        type: brand.mdnsType,
        instance: `${brand.model} - ${id}`,
        port: 443,
        texts: [`bridgeid=${device.macTail(6)}`, 'modelid=BSB002'],
      },
    ]);
    device.offerUpnp(
      {
        location: `http://${device.host.v4.ip.join('.')}:80/description.xml`,
        server: 'Hue/1.0 UPnP/1.0 IpBridge/1.60.0',
        types: ['upnp:rootdevice', `uuid:${device.uuid()}`, 'urn:schemas-upnp-org:device:basic:1'],
        uuid: device.uuid(),
      },
      habits.pick([60, 100, 300]),
    );
    device.spawn(device.every(habits.pick([1800, 3600, 7200]), 0.02, () => syncTime(device, brand.ntp)));
    device.spawn(
      device.every(6 * 3600, 0.1, () =>
        httpsCall(device, brand.update, random.size(2600, 0.4), random.bool(0.02) ? random.size(2_000_000, 0.2) : 700, {
          profile: 'mbedtls',
        }),
      ),
    );
  },
});
