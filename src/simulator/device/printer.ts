import { stacks } from '../engine/host.ts';
import { mdnsAnnounce } from '../session/mdns.ts';
import { httpsCall } from '../session/tls.ts';
import { type Brand, defineDevice } from './device.ts';

interface PrinterBrand extends Brand {
  readonly cloud: string | null;
  readonly report: string;
}

/** A printer: announces itself, keeps a line to its maker's printing service, waits for documents. */
export const printer = defineDevice<PrinterBrand>({
  kind: 'printer',
  brands: [
    {
      vendor: 'HP',
      model: 'OfficeJet Pro 8020',
      oui: 'b0:5c:da',
      hostname: 'HP#',
      vendorClass: 'Hewlett-Packard OfficeJet',
      requestList: [6, 3, 1, 15, 66, 67, 13, 44, 12, 81],
      stack: stacks.embedded,
      ipv6: true,
      services: [
        [80, 'http'],
        [443, 'https'],
        [631, 'ipp'],
        [9100, 'vendor'],
      ],
      cloud: 'xmpp006.hpeprint.com',
      report: 'www.hpeprint.com',
    },
    {
      vendor: 'Brother',
      model: 'HL-L2350DW',
      oui: '30:05:5c',
      hostname: 'BRW30055C#',
      vendorClass: null,
      requestList: [1, 3, 6, 15, 44, 46, 47],
      stack: stacks.lwip,
      services: [
        [23, 'telnet'],
        [80, 'http'],
        [631, 'ipp'],
        [9100, 'vendor'],
      ],
      cloud: null,
      report: 'www.bwc.brother.com',
    },
    {
      vendor: 'Canon',
      model: 'TS5350',
      oui: '18:0c:ac',
      hostname: 'Canon-TS5350',
      vendorClass: null,
      requestList: [1, 3, 6, 12, 15, 44, 47],
      stack: stacks.embedded,
      ipv6: true,
      services: [
        [80, 'http'],
        [631, 'ipp'],
        [9100, 'vendor'],
      ],
      cloud: null,
      report: 'gdlp01.c-wss.com',
    },
  ],
  start(device) {
    const { brand, random, habits } = device;
    const instance = `${brand.vendor} ${brand.model} [${device.macTail()}]`;
    const texts = [
      'txtvers=1',
      'qtotal=1',
      `ty=${brand.vendor} ${brand.model}`,
      'pdl=application/octet-stream,image/urf',
      'rp=ipp/print',
    ];
    const services = [
      { type: '_ipp._tcp', instance, port: 631, texts },
      { type: '_pdl-datastream._tcp', instance, port: 9100, texts: texts.slice(0, 3) },
    ];
    device.offer(services);
    device.spawn(device.every(habits.pick([1800, 3600]), 0.1, () => mdnsAnnounce(device, services)));
    if (brand.cloud !== null) {
      device.link(brand.cloud, 'mbedtls', {
        port: 443,
        login: [1400, 1200],
        heartbeatSeconds: 300,
        heartbeat: [40, 60],
        lifetimeHours: 30,
      });
      device.offerUpnp(
        {
          location: `http://${device.host.v4.ip.join('.')}:80/upnp/desc.xml`,
          server: 'POSIX, UPnP/1.0, HP',
          types: ['upnp:rootdevice', 'urn:schemas-upnp-org:device:Printer:1'],
          uuid: device.uuid(),
        },
        1800,
      );
    }
    device.spawn(
      device.every(habits.pick([6, 24]) * 3600, 0.1, () =>
        httpsCall(device, brand.report, random.size(2400, 0.3), random.size(600, 0.3), { profile: 'mbedtls' }),
      ),
    );
  },
});
