import { expect, it } from 'vitest';
import { connection } from '../../../../test/attack/conversation.ts';
import { findingsAfter, findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { camera, laptop, phone } from '../../../../test/ordinary/station.ts';
import { createMqttAbuse } from './mqtt.ts';

const text = (value: string): number[] => [value.length >> 8, value.length & 255, ...Buffer.from(value)];
const packet = (type: number, body: number[]): Uint8Array => Uint8Array.of(type << 4, body.length, ...body);
const CONNECT = packet(1, [...text('MQTT'), 4, 2, 0, 60, ...text('client')]);
const publish = (topic: string): Uint8Array => packet(3, [...text(topic), 0x31]);
/** One connection that publishes `perSecond` messages a second. */
const busy = (perSecond: number, seconds: number, client = phone) =>
  connection(0, { client, server: camera, port: 1883 }, [
    { by: 'client', after: 0.1, what: CONNECT },
    { by: 'server', after: 0.1, what: Uint8Array.of(0x20, 2, 0, 0) },
    ...times(perSecond * seconds, (i) => ({
      by: 'client' as const,
      after: 1 / perSecond,
      what: publish(`t/${i % 40}`),
    })),
  ]);

it('is abuse: fifty messages a second on forty topics', () => {
  const findings = findingsOf(createMqttAbuse(), busy(50, 10));
  expect(named(findings)).toEqual([['protocol-abuse', phone.address, camera.address]]);
  expect(findings.at(-1)!.evidence).toMatchObject({ protocol: 'MQTT', topics: 40 });
});

it('is none: a sensor that says two things a second', () => {
  expect(findingsOf(createMqttAbuse(), busy(2, 120))).toEqual([]);
});

it('is measured by the busiest client of this broker while it learned', () => {
  expect(findingsAfter(createMqttAbuse, busy(4, 60, laptop), busy(8, 30))).toEqual([]);
  expect(named(findingsAfter(createMqttAbuse, busy(1, 60, laptop), busy(8, 30)))).toEqual([
    ['protocol-abuse', phone.address, camera.address],
  ]);
});
