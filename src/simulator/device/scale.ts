import { stacks } from '../engine/host.ts';
import { hourOfDay } from '../engine/household.ts';
import type { Process } from '../engine/simulation.ts';
import { resolve } from '../session/dns.ts';
import { httpCall } from '../session/http.ts';
import { syncTime } from '../session/time.ts';
import { httpsCall } from '../session/tls.ts';
import { ascii } from '../wire/bytes.ts';
import { type Brand, type Device, defineDevice } from './device.ts';

interface ScaleBrand extends Brand {
  readonly cloud: string;
  readonly plain: boolean;
}

/** A body scale: wakes when somebody steps on it, mostly in the morning; a sign of life at night. */
export const scale = defineDevice<ScaleBrand>({
  kind: 'scale',
  brands: [
    {
      vendor: 'Withings',
      model: 'Body+',
      oui: '00:24:e4',
      hostname: 'WBS05',
      vendorClass: null,
      requestList: [1, 3, 6, 15, 28],
      stack: stacks.lwip,
      cloud: 'scalews.withings.net',
      plain: true,
    },
    {
      vendor: 'Fitbit',
      model: 'Aria 2',
      oui: '20:f8:5e',
      hostname: null,
      vendorClass: null,
      requestList: [1, 3, 6],
      stack: stacks.lwip,
      cloud: 'api.fitbit.com',
      plain: false,
    },
  ],
  start(device) {
    const morning = () => {
      const hour = hourOfDay(device.now);
      if (device.people === 0) return 0;
      return hour > 6 && hour < 9.5 ? 0.6 * device.people : 0.06;
    };
    device.spawn(device.poisson(4, morning, () => weigh(device)));
    device.spawn(device.every(8 * 3600, 0.2, () => weigh(device)));
    device.spawn(device.every(24 * 3600, 0.1, () => syncTime(device, 'pool.ntp.org', 3)));
  },
});

function* weigh(device: Device<ScaleBrand>): Process {
  const { random, brand } = device;
  if (!brand.plain) {
    yield* httpsCall(device, brand.cloud, random.size(900, 0.2), random.size(500, 0.2), { profile: 'mbedtls' });
    return;
  }
  const remote = yield* resolve(device, brand.cloud);
  if (remote === null) return;
  for (const path of ['/cgi-bin/session', '/cgi-bin/measure', '/cgi-bin/maint']) {
    const body = ascii(
      `action=store&sessionid=${random.hex(24)}&mac=${device.macTail(6)}&kg=${random.uniform(52, 95).toFixed(2)}`,
    );
    yield* httpCall(device, remote, {
      method: 'POST',
      path,
      host: brand.cloud,
      agent: 'Withings UserAgent',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body,
      response: ascii('{"status":0,"body":{}}'),
    });
  }
}
