/** Whoever tries to slip by is told and named; `test/nightly/evasion.test.ts` does it in a whole home with a day of past. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type House, learn, missed, type Try, watch } from './evasion-home.ts';

const house: House = { devices: ['camera', 'plug', 'hub', 'laptop'], seed: 3, bulk: 0.0005, learned: 6 };

describe('attacks that try to slip by', () => {
  let past: string;
  beforeAll(() => {
    past = learn(house);
  });

  const rounds: { name: string; hours: number; tries: Try[] }[] = [
    { name: 'nobody: an ordinary time', hours: 2, tries: [] },
    {
      name: 'between successes, in fragments, with an echo',
      hours: 1,
      tries: [
        { type: 'masked', from: 'camera', amount: 400, duration: 900 },
        { type: 'fragments', from: 'plug', amount: 300, duration: 600 },
        { type: 'echo', from: 'hub', amount: 20 },
      ],
    },
    {
      name: 'in pings and names',
      hours: 1,
      tries: [
        { type: 'icmp', from: 'camera', amount: 2, duration: 300 },
        { type: 'short-domain', from: 'plug', amount: 200, duration: 60 },
        { type: 'tcp-dns', from: 'hub', amount: 400, duration: 2000 },
      ],
    },
    { name: 'in the name of another', hours: 0.3, tries: [{ type: 'spoofed-victim' }] },
    {
      name: 'slowly, and split up',
      hours: 6.1,
      tries: [
        { type: 'slow-outside', from: 'camera' },
        { type: 'slow-inside', from: 'plug' },
        { type: 'split', from: 'hub', amount: 90 },
      ],
    },
  ];

  test.each(rounds)('$name', ({ hours, tries }) => {
    const { told, others } = watch(house, past, hours, tries);
    expect(missed(told)).toEqual([]);
    expect(others).toEqual([]);
    for (const { type, alert, attacker } of told)
      if (type === 'spoofed-victim') {
        expect(alert).toMatchObject({ address: attacker, evidence: { sender_mac: attacker } });
        expect(alert!.sentence).toContain(`from ${attacker}, under ${alert!.evidence.speaks_as}`);
      }
  });
});
