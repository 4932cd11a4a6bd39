import { expect, it } from 'vitest';
import { connection, random } from '../../../../test/attack/conversation.ts';
import { findingsAfter, findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { camera, datagram, laptop, outside, phone, router } from '../../../../test/ordinary/station.ts';
import { dnsMessage, QUERY_FLAGS, RESPONSE_FLAGS, RecordType } from '../../../simulator/wire/application/dns.ts';
import { createExfiltration } from './exfiltration.ts';

const dump = outside('203.0.113.50');
const MEGABYTE = random(1_000_000);

/** One connection that sends so many megabytes, and hears a word of thanks for each. */
const upload = (client: typeof camera, server: typeof dump, megabytes: number, ts = 0) =>
  connection(ts, { client, server, port: 443 }, [
    ...times(megabytes, () => [
      { by: 'client' as const, after: 1, what: MEGABYTE },
      { by: 'server' as const, after: 0.1, what: random(60) },
    ]),
  ]);

/** The device looks names up, and this address is the answer to one of them where `name` is given. */
function lookUp(client: typeof camera, name: string, address: typeof dump) {
  const questions = [{ name, type: RecordType.A }];
  const answers = [{ name, type: 1 as const, ttl: 300, address: address.ip }];
  const query = dnsMessage({ id: 1, flags: QUERY_FLAGS, questions });
  const answer = dnsMessage({ id: 1, flags: RESPONSE_FLAGS, questions, answers });
  return [datagram(-700, client, router, [50_000, 53], query), datagram(-699.9, router, client, [53, 50_000], answer)];
}

it('is data on its way out: twelve megabytes to an address that was never looked up', () => {
  const frames = [...lookUp(camera, 'cloud.example', outside('198.51.100.9')), ...upload(camera, dump, 12)];
  const findings = findingsOf(createExfiltration(), frames);
  expect(named(findings)).toEqual([['exfiltration', camera.address, dump.address]]);
  expect((findings.at(-1)!.evidence as { bytes: number }).bytes).toBe(12_000_000);
});

it('is none: the same to a cloud that has a name, or within the house', () => {
  expect(
    findingsOf(createExfiltration(), [...lookUp(camera, 'cloud.example', dump), ...upload(camera, dump, 12)]),
  ).toEqual([]);
  expect(findingsOf(createExfiltration(), upload(camera, laptop, 12))).toEqual([]);
});

it('is none: a download, of which only the acknowledgements go out', () => {
  const film = connection(0, { client: phone, server: dump, port: 443 }, [
    { by: 'client', after: 0.1, what: random(300) },
    ...times(12, () => ({ by: 'server' as const, after: 1, what: MEGABYTE })),
  ]);
  expect(findingsOf(createExfiltration(), film)).toEqual([]);
});

it('is measured by what the device sent while it learned', () => {
  const backup = upload(camera, dump, 6);
  expect(findingsAfter(createExfiltration, backup, upload(camera, dump, 12))).toEqual([]);
  expect(named(findingsAfter(createExfiltration, upload(camera, dump, 2), upload(camera, dump, 12)))).toEqual([
    ['exfiltration', camera.address, dump.address],
  ]);
});
