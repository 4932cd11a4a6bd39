import { stacks } from '../engine/host.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { ssdpDiscover } from '../session/ssdp.ts';
import { syncTime } from '../session/time.ts';
import { httpsCall, openTls } from '../session/tls.ts';
import { type Brand, type Device, defineDevice } from './device.ts';
import { busybox } from './system.ts';

interface NasBrand extends Brand {
  readonly relay: string;
  readonly address: string;
  readonly update: string;
}

/** Network storage: receives backups, keeps its name up to date, copies itself to the cloud at night. */
export const nas = defineDevice<NasBrand>({
  kind: 'nas',
  brands: [
    {
      vendor: 'Synology',
      model: 'DS220+',
      oui: '00:11:32',
      hostname: 'DiskStation',
      vendorClass: 'synology_geminilake_220+',
      requestList: [1, 28, 2, 3, 15, 6, 12, 121, 249, 33, 252, 42],
      stack: stacks.linux,
      wired: true,
      ipv6: true,
      services: [
        [22, 'ssh'],
        [80, 'http'],
        [445, 'smb'],
        [5000, 'http'],
        [5001, 'https'],
        [6690, 'https'],
      ],
      relay: 'usc.synology.com',
      address: 'checkip.dyndns.com',
      update: 'update7.synology.com',
    },
    {
      vendor: 'QNAP',
      model: 'TS-251D',
      oui: '24:5e:be',
      hostname: 'NAS#',
      ...busybox('1.19.4', stacks.linux),
      wired: true,
      services: [
        [22, 'ssh'],
        [80, 'http'],
        [445, 'smb'],
        [6690, 'https'],
        [8080, 'http'],
      ],
      relay: 'relay1.myqnapcloud.com',
      address: 'myip.api.myqnapcloud.com',
      update: 'update.qnap.com',
    },
  ],
  start(device) {
    const { brand, random, habits } = device;
    device.link(brand.relay, 'openssl', {
      login: [1300, 900],
      heartbeatSeconds: habits.pick([30, 60]),
      heartbeat: [habits.int(30, 60), habits.int(30, 60)],
      lifetimeHours: 20,
    });
    device.offer([
      {
        type: '_smb._tcp',
        instance: device.host.fingerprint.hostname ?? 'nas',
        port: 445,
        texts: [`model=${brand.model}`],
      },
    ]);
    device.offerUpnp(
      {
        location: `http://${device.host.v4.ip.join('.')}:5000/ssdp/desc.xml`,
        server: `Linux/4.4 UPnP/1.0 ${brand.vendor}`,
        types: ['upnp:rootdevice', 'urn:schemas-upnp-org:device:Basic:1'],
        uuid: device.uuid(),
      },
      900,
    );
    device.spawn(
      device.every(habits.pick([300, 600, 1800]), 0.03, () =>
        httpsCall(device, brand.address, 180, 220, { profile: 'openssl' }),
      ),
    );
    device.spawn(device.every(24 * 3600, 0.02, () => copyToCloud(device)));
    device.spawn(
      device.every(24 * 3600, 0.05, () =>
        httpsCall(device, brand.update, 700, random.size(9000, 0.3), { profile: 'openssl' }),
      ),
    );
    device.spawn(device.every(3600, 0.1, () => ssdpDiscover(device, 'ssdp:all', 1)));
    device.spawn(device.every(habits.pick([1024, 3600]), 0.02, () => syncTime(device, 'time.google.com')));
  },
});

/** A few changed files each day, to an object store. */
function* copyToCloud(device: Device<NasBrand>): Process {
  const { random, home } = device;
  yield random.uniform(0, 1800) * SECOND;
  const session = yield* openTls(device, 's3.eu-central-1.wasabisys.com', { profile: 'openssl' });
  if (session === null) return;
  const files = 2 + Math.floor(random.exponential(15));
  for (let i = 0; i < files; i++) yield* session.exchange(random.size(2_500_000 * home.bulk, 1), 420);
  yield* session.close();
}
