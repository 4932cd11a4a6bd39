import { expect, it } from 'vitest';
import { bytesOf, connection, random } from '../../../../test/attack/conversation.ts';
import { findingsAfter, findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { laptop, outside } from '../../../../test/ordinary/station.ts';
import { RemoteControl } from './remote-control.ts';

const server = outside('203.0.113.77');
/** Words of one connection at the port of the web that stays open for hours. */
const kept = (asks: Uint8Array, answers: Uint8Array) =>
  connection(0, { client: laptop, server, port: 80 }, [
    { by: 'client', after: 0.1, what: random(200) },
    { by: 'server', after: 0.1, what: random(60) },
    ...times(30, () => [
      { by: 'client' as const, after: 180, what: asks },
      { by: 'server' as const, after: 0.1, what: answers },
    ]),
  ]);
const orders = kept(random(1), random(1));

it('is told of who obeys for hours in words that are no HTTP', () => {
  const findings = findingsOf(new RemoteControl(), orders);
  expect(named(findings)).toEqual([['remote-control', laptop.address, server.address]]);
});

it('is not told of a page that asks for news every three minutes', () => {
  const get = bytesOf('GET / HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: Mozilla/5.0\r\n\r\n');
  const page = connection(0, { client: laptop, server, port: 80 }, [
    ...times(30, () => [
      { by: 'client' as const, after: 180, what: get },
      { by: 'server' as const, after: 0.1, what: bytesOf('HTTP/1.1 204 No Content\r\n\r\n') },
    ]),
  ]);
  expect(findingsOf(new RemoteControl(), page)).toEqual([]);
});

it('is not told of what the device did with that server while it was learned', () => {
  const mild = orders.filter(({ ts }) => ts < 1000);
  expect(findingsAfter(() => new RemoteControl(), mild, mild)).toEqual([]);
});
