import { expect, it } from 'vitest';
import { bytesOf, connection, random } from '../../../../test/attack/conversation.ts';
import { findingsOf, named, times } from '../../../../test/attack/one-rule.ts';
import { camera, laptop, phone } from '../../../../test/ordinary/station.ts';
import { createBruteForce } from './brute-force.ts';

/** Logins by HTTP, two seconds apart, each with the password of its turn. */
const logins = (passwords: readonly string[], answer: string) =>
  passwords.flatMap((password, i) =>
    connection(2 * i, { client: phone, server: camera, port: 80, fromPort: 40_000 + i, closes: true }, [
      {
        ...{ by: 'client', after: 0.1 },
        what: bytesOf(
          `GET / HTTP/1.1\r\nAuthorization: Basic ${Buffer.from(`admin:${password}`).toString('base64')}\r\n\r\n`,
        ),
      },
      { by: 'server', after: 0.1, what: bytesOf(`HTTP/1.1 ${answer}\r\nContent-Length: 0\r\n\r\n`) },
    ]),
  );
const guesses = times(20, (i) => `secret${i}`);
/** Sessions of SSH: a greeting, keys, and then nothing or much. */
const sessions = (count: number, bytes: number) =>
  times(count, (i) =>
    connection(3 * i, { client: phone, server: camera, port: 22, fromPort: 41_000 + i, closes: true }, [
      { by: 'server', after: 0.1, what: bytesOf('SSH-2.0-OpenSSH_9.6\r\n') },
      { by: 'client', after: 0.1, what: bytesOf('SSH-2.0-libssh\r\n') },
      { by: 'client', after: 0.5, what: random(bytes) },
      { by: 'server', after: 0.5, what: random(bytes) },
    ]),
  );

it('is guessing: twenty passwords on one camera, or twenty short sessions of SSH', () => {
  const findings = findingsOf(createBruteForce(), logins(guesses, '401 Unauthorized'));
  expect(named(findings)).toEqual([['brute-force', phone.address, camera.address]]);
  expect(findings.at(-1)!.evidence).toMatchObject({ port: 80 });
  expect(named(findingsOf(createBruteForce(), sessions(20, 900)))).toEqual([
    ['brute-force', phone.address, camera.address],
  ]);
});

it('is none: a program that logs in for every picture with its one password, or a person who mistypes', () => {
  expect(
    findingsOf(
      createBruteForce(),
      logins(
        times(60, () => 'right'),
        '200 OK',
      ),
    ),
  ).toEqual([]);
  expect(findingsOf(createBruteForce(), logins(guesses.slice(0, 2), '401 Unauthorized'))).toEqual([]);
});

it('is none: copies by SSH, each a session that moves data', () => {
  expect(findingsOf(createBruteForce(), sessions(20, 20_000))).toEqual([]);
  const other = connection(0, { client: laptop, server: camera, port: 22 }, []);
  expect(findingsOf(createBruteForce(), other)).toEqual([]);
});
