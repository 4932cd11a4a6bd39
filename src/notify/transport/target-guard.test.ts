import type { LookupAddress } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { reachOf, unmapped } from './address-range.ts';
import { createTargetGuard, keptLanTargetSchema, lanTargetSchema, type TargetGuardOptions } from './target-guard.ts';

const guardOf = (options: Partial<TargetGuardOptions> = {}) =>
  createTargetGuard({ lanTargets: [], ownPort: null, ...options });

/** What a connection to the URL would be made to. */
function resolve(url: string, addresses: string[], options: Partial<TargetGuardOptions> = {}): Promise<string[]> {
  const guard = guardOf({
    ...options,
    resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  });
  const checked = guard.check(url);
  return new Promise((done, reject) =>
    guard.lookup(checked)(checked.hostname, { all: true }, (error, found) =>
      error ? reject(error) : done((found as LookupAddress[]).map(({ address }) => address)),
    ),
  );
}

describe('addresses', () => {
  test.each([
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['::ffff:8.8.8.8', 'public'],
    ['127.0.0.1', 'private'],
    ['127.255.255.254', 'private'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['::1', 'private'],
    ['fd12:3456::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['0.0.0.0', 'never'],
    ['169.254.169.254', 'never'],
    ['::ffff:a9fe:a9fe', 'never'],
    ['100.100.100.200', 'never'],
    ['fd00:ec2::254', 'never'],
    ['fe80::1%eth0', 'never'],
    ['224.0.0.1', 'never'],
    ['255.255.255.255', 'never'],
    ['198.18.0.1', 'never'],
    ['::', 'never'],
    ['::7f00:1', 'never'],
    ['64:ff9b::7f00:1', 'never'],
    ['2002:7f00:1::', 'never'],
    ['2001:0:1::1', 'never'],
    ['ff02::1', 'never'],
    ['not an address', 'never'],
  ])('%s is %s', (address, reach) => expect(reachOf(address)).toBe(reach));

  test('an IPv4 address inside an IPv6 one is taken out', () => {
    expect(unmapped('::FFFF:127.0.0.1')).toBe('127.0.0.1');
    expect(unmapped('2001:DB8::1')).toBe('2001:db8::1');
  });
});

describe('URLs', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://2130706433/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::1]:8080/',
    'http://[::]/',
    'http://0/',
    'http://169.254.169.254/latest/meta-data',
    'http://192.168.1.1/',
    'http://１２７.0.0.1/',
    'file:///etc/passwd',
    'gopher://example.org/',
    'ftp://example.org/',
    'javascript:alert(1)',
    'http://user:password@example.org/',
    'not a url',
    '',
  ])('%s is refused', (url) => {
    const code = expect.stringMatching(/^target_(refused|forbidden)$/);
    expect(() => guardOf().check(url)).toThrow(expect.objectContaining({ code, blame: 'settings' }));
  });

  test('only where the owner may allow it, the hint says so', () => {
    const hintOf = (url: string): string => {
      try {
        guardOf({ ownPort: 5000, lanTargets: ['127.0.0.1'] }).check(url);
        return '';
      } catch (error) {
        return (error as { hint: string }).hint;
      }
    };
    expect(hintOf('http://192.168.1.1/')).toContain('notifications.lanTargets');
    for (const url of [
      'http://169.254.169.254/',
      'http://[fe80::1]/',
      'http://127.0.0.1:5000/',
      'ftp://example.org/',
    ]) {
      expect(hintOf(url), url).toBe('Give the channel another address; no setting allows this one.');
    }
  });

  test('no password of a URL is repeated', () => {
    expect(() => guardOf().check('http://user:hidden@example.org/')).toThrow(expect.not.stringContaining('hidden'));
  });

  test('the owner may name machines of the network, and no metadata service (E10)', () => {
    const guard = guardOf({ lanTargets: ['192.168.1.0/24', '[::1]:8080', '10.0.0.5:8123', '169.254.0.0/16'] });
    expect(guard.check('http://192.168.1.7/x').href).toBe('http://192.168.1.7/x');
    expect(guard.check('http://[::1]:8080/').port).toBe('8080');
    expect(guard.check('http://10.0.0.5:8123/').port).toBe('8123');
    for (const url of ['http://192.168.2.7/', 'http://[::1]/', 'http://10.0.0.5/']) {
      expect(() => guard.check(url)).toThrow(expect.objectContaining({ code: 'target_refused' }));
    }
    expect(() => guard.check('http://169.254.169.254/')).toThrow(expect.objectContaining({ code: 'target_forbidden' }));
  });

  test('Guardian itself is no target, even where loopback is allowed', () => {
    const guard = guardOf({ lanTargets: ['127.0.0.0/8', '::1'], ownPort: 5000 });
    expect(() => guard.check('http://127.0.0.1:5000/')).toThrow(/Guardian itself/);
    expect(() => guard.check('http://[::1]:5000/')).toThrow(/Guardian itself/);
    expect(guard.check('http://127.0.0.1:5001/').port).toBe('5001');
  });
});

describe('names', () => {
  test('the connection goes to what was checked', async () => {
    expect(await resolve('http://example.org/', ['93.184.215.14', '2606:4700::1111'])).toEqual([
      '93.184.215.14',
      '2606:4700::1111',
    ]);
  });

  test.each([[['127.0.0.1']], [['93.184.215.14', '10.0.0.1']], [['169.254.169.254']], [['::ffff:192.168.1.1']]])(
    'a name that stands for %s is refused',
    (addresses) =>
      expect(resolve('http://example.org/', addresses)).rejects.toMatchObject({
        code: addresses.includes('169.254.169.254') ? 'target_forbidden' : 'target_refused',
      }),
  );

  test('a name on the list may be in the network, on its port, but never a metadata service', async () => {
    const options = { lanTargets: ['nas.lan:8080'] };
    expect(await resolve('http://nas.lan:8080/', ['192.168.1.4'], options)).toEqual(['192.168.1.4']);
    expect(await resolve('http://NAS.lan:8080/', ['192.168.1.4'], options)).toEqual(['192.168.1.4']);
    await expect(resolve('http://nas.lan/', ['192.168.1.4'], options)).rejects.toThrow(/private network/);
    await expect(resolve('http://nas.lan:8080/', ['169.254.169.254'], options)).rejects.toThrow(/link-local/);
  });

  test('a name that is not known stays the error that it is', async () => {
    const guard = guardOf({ resolve: () => Promise.reject(Object.assign(new Error('nope'), { code: 'ENOTFOUND' })) });
    const error = await new Promise((done) =>
      guard.lookup(new URL('http://x.example'))('x.example', { all: true }, done),
    );
    expect(error).toMatchObject({ code: 'ENOTFOUND' });
  });
});

test('entries of the list are addresses, networks and names', () => {
  for (const good of [
    '192.168.1.5',
    '10.0.0.0/8',
    'nas.lan',
    'nas.lan:80',
    'fd00::5',
    '[fd00::5]:80',
    '[fd00::]/8',
    '::1',
  ]) {
    expect(lanTargetSchema.safeParse(good).success, good).toBe(true);
  }
  for (const bad of ['', 'http://x', 'nas.lan/8', '10.0.0.0/33', 'x:99999', '[nas.lan]', 'a b', '10.0.0.1:80:90']) {
    expect(lanTargetSchema.safeParse(bad).success, bad).toBe(false);
  }
});

test('an entry of which nothing could ever be a target is refused, a network that has others in it is not', () => {
  for (const bad of [
    '169.254.169.254',
    '169.254.169.254:80',
    '169.254.0.0/16',
    '169.254.169.0/24',
    '0.0.0.0',
    '224.0.0.0/4',
    '100.100.100.200/32',
    '::',
    'fe80::1',
    '[fe80::1]:80',
    '[fe80::]/10',
    '[fe80::]/64',
    '[fd00:ec2::254]',
  ]) {
    expect(lanTargetSchema.safeParse(bad).error?.issues[0].message, bad).toContain('link-local');
    // What an earlier version has kept does not take the rest of the settings with it.
    expect(keptLanTargetSchema.safeParse(bad).success, bad).toBe(true);
  }
  for (const good of ['0.0.0.0/0', '[::]/0', '169.0.0.0/8', '100.64.0.0/10', '192.0.0.0/8', '[fd00::]/8', '[::]/8']) {
    expect(lanTargetSchema.safeParse(good).success, good).toBe(true);
  }
});
