import { hourOfDay } from '../engine/household.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { resolve } from '../session/dns.ts';
import { httpCall } from '../session/http.ts';
import { openMqtt } from '../session/mqtt.ts';
import { syncTime } from '../session/time.ts';
import { ascii } from '../wire/bytes.ts';
import { type Brand, type Device, defineDevice } from './device.ts';
import { esp32, esp8266 } from './system.ts';

interface SensorBrand extends Brand {
  readonly topic: string;
  readonly ntp: string;
}

/** A home-made or open-firmware sensor: readings by MQTT to the hub, in the clear; by HTTP where there is no hub. */
export const sensor = defineDevice<SensorBrand>({
  kind: 'sensor',
  brands: [
    {
      vendor: 'Espressif',
      model: 'Tasmota',
      oui: '5c:cf:7f',
      hostname: 'tasmota-#',
      ...esp8266,
      services: [[80, 'http']],
      topic: 'tele/tasmota_#/SENSOR',
      ntp: 'pool.ntp.org',
    },
    {
      vendor: 'Espressif',
      model: 'ESPHome',
      oui: '24:0a:c4',
      hostname: 'esphome-#',
      ...esp32,
      services: [[6053, 'vendor']],
      topic: 'esphome/#/sensor/state',
      ntp: '0.pool.ntp.org',
    },
    {
      vendor: 'Shelly',
      model: 'H&T',
      oui: 'e8:db:84',
      hostname: 'shellyht-#',
      ...esp32,
      services: [[80, 'http']],
      topic: 'shellies/shellyht-#/sensor/temperature',
      ntp: 'time.google.com',
    },
  ],
  start(device) {
    device.spawn(report(device));
    device.spawn(
      device.every(device.habits.pick([1024, 3600, 43200]), 0.02, () => syncTime(device, device.brand.ntp, 3)),
    );
  },
});

function reading(device: Device<SensorBrand>): string {
  const { random, habits } = device;
  const swing = Math.sin(((hourOfDay(device.now) - 9) / 24) * 2 * Math.PI);
  const temperature = habits.fork('temperature').uniform(18, 23) + 2 * swing + 0.1 * random.normal();
  const humidity = 46 - 5 * swing + 0.4 * random.normal();
  const time = new Date(Math.floor(device.now / 1000)).toISOString().slice(0, 19);
  return `{"Time":"${time}","SI7021":{"Temperature":${temperature.toFixed(1)},"Humidity":${humidity.toFixed(1)}},"TempUnit":"C"}`;
}

function* report(device: Device<SensorBrand>): Process {
  const { random, habits, brand } = device;
  const topic = brand.topic.replace('#', device.macTail());
  const keepAliveSeconds = habits.pick([15, 30, 60]);
  const period = habits.pick([10, 30, 60, 300]);
  const qos = habits.bool(0.4) ? 1 : 0;
  for (;;) {
    const broker = device.home.online('hub')[0];
    if (broker === undefined) {
      // Without a hub it asks a public service, in the clear as such firmware does.
      yield* postReading(device);
      yield random.jitter(300, 0.02) * SECOND;
      continue;
    }
    const session = yield* openMqtt(device, broker, {
      clientId: device.host.fingerprint.hostname ?? device.host.name,
      username: 'sensors',
      password: habits.fork('password').hex(12),
      keepAliveSeconds,
    });
    if (session === null) {
      yield random.uniform(10, 30) * SECOND;
      continue;
    }
    yield* session.subscribe([topic.replace(/\/.*$/, '/cmnd/#'), 'homeassistant/status']);
    yield* session.publish(topic.replace(/[^/]*$/, 'LWT'), 'Online', 1, true);
    const end = device.now + random.exponential(30) * 3600 * SECOND;
    let nextReport = device.now + random.uniform(1, period) * SECOND;
    while (device.now < end && broker.up) {
      const next = Math.min(nextReport, device.now + keepAliveSeconds * SECOND);
      yield* session.tcp.pause((next - device.now) / SECOND);
      if (next === nextReport) {
        yield* session.publish(topic, reading(device), qos);
        nextReport += random.jitter(period, 0.01) * SECOND;
        if (nextReport < device.now) nextReport = device.now + period * SECOND;
      } else yield* session.ping();
      if (random.bool(0.004)) yield* session.deliver(topic.replace(/\/.*$/, '/cmnd/Status'), '0');
    }
    yield* session.close();
    yield random.uniform(2, 20) * SECOND;
  }
}

function* postReading(device: Device<SensorBrand>): Process {
  const name = 'api.thingspeak.com';
  const remote = yield* resolve(device, name);
  if (remote === null) return;
  yield* httpCall(device, remote, {
    method: 'POST',
    path: '/update.json',
    host: name,
    agent: 'ESP8266HTTPClient',
    headers: { 'Content-Type': 'application/json' },
    body: ascii(reading(device)),
    response: ascii('{"entry_id":1}'),
  });
}
