import { expect, test } from 'vitest';
import { type OwnersName, withOwnersNames } from './owner-names.ts';

const alert = {
  device: 'RLC-410W (192.168.1.7)',
  address: '02:00:00:00:00:07',
  hosts: ['192.168.1.7', '192.168.1.9'],
  sentence:
    'RLC-410W (192.168.1.7) tried 12 logins on 192.168.1.9, port 22 (SSH). Not on 192.168.1.90: 192.168.1.9: no.',
  meaning: 'Somebody is probably guessing passwords.',
  advice: ['Look at the log of 192.168.1.9.', 'Disconnect RLC-410W (192.168.1.7).'],
};

test('an alert is told under the names of now, and under the old ones again once they are taken back', () => {
  const given: Record<string, string> = { '02:00:00:00:00:07': 'Hall $& 192.168.1.9', '192.168.1.9': 'NAS' };
  const nameOf: OwnersName = (address) =>
    given[address] === undefined ? null : { own: address, given: given[address] };
  expect(withOwnersNames(alert, alert.address, nameOf)).toEqual({
    ...alert,
    device: 'Hall $& 192.168.1.9',
    sentence: 'Hall $& 192.168.1.9 tried 12 logins on NAS, port 22 (SSH). Not on 192.168.1.90: NAS: no.',
    advice: ['Look at the log of NAS.', 'Disconnect Hall $& 192.168.1.9.'],
  });
  expect(withOwnersNames(alert, alert.address, () => null)).toEqual(alert);
});
