import { expect, it } from 'vitest';
import { bytesOf, connection } from '../../../../test/attack/conversation.ts';
import { findingsAfter, findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { camera, laptop, phone } from '../../../../test/ordinary/station.ts';
import { createSlowDos } from './slow-dos.ts';

/** Connections that say one line of a request after the other, and never end it. */
const held = (count: number, client = phone) =>
  times(count, (i) =>
    connection(i * 0.1, { client, server: camera, port: 80, fromPort: 40_000 + i }, [
      { by: 'client', after: 0.1, what: bytesOf('GET / HTTP/1.1\r\n') },
      ...times(5, () => ({ by: 'client' as const, after: 10, what: bytesOf('X-a: b\r\n') })),
    ]),
  );

it('blocks a service: forty requests that are never ended', () => {
  const findings = findingsOf(createSlowDos(), held(40));
  expect(named(findings)).toEqual([['slow-dos', phone.address, camera.address]]);
  expect(findings.at(-1)!.evidence).toMatchObject({ open: 40, port: 80 });
});

it('does not: six connections of a browser that wait for a slow page', () => {
  expect(findingsOf(createSlowDos(), held(6))).toEqual([]);
});

it('does not: forty requests that are answered at once', () => {
  const pages = times(40, (i) =>
    connection(i * 0.1, { client: laptop, server: camera, port: 80, fromPort: 40_000 + i }, [
      { by: 'client', after: 0.1, what: bytesOf('GET / HTTP/1.1\r\n\r\n') },
      { by: 'server', after: 0.2, what: bytesOf('HTTP/1.1 200 OK\r\n\r\n') },
    ]),
  );
  expect(findingsOf(createSlowDos(), pages)).toEqual([]);
});

it('does not where the service was used like that while it learned', () => {
  expect(findingsAfter(createSlowDos, held(9, laptop), held(20))).toEqual([]);
  expect(findingsAfter(createSlowDos, held(9, laptop), held(40))).not.toEqual([]);
});
