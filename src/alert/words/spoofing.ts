import type { EvidenceOf } from '../../detector/evidence.ts';
import { counted, said } from '../fact.ts';
import { defineWords } from './kind-words.ts';
import { clock, count } from './phrase.ts';

type Arp = Extract<EvidenceOf['spoofing'], { what: 'arp' }>;

/** Where its claims were not seen, the answers of those that believe them were. */
function arp({ address, other, claims, answers = 0 }: Arp, who: string, since: string): string {
  const whose = other === undefined ? '' : `, which is at ${other}`;
  const taken = 'others answered it as that';
  if (claims === 0)
    return `${who} is taken for ${address}${whose}, since ${since} UTC: ${taken} ${count(answers, 'time')} so far.`;
  const also = answers === 0 ? '' : `, and ${taken} ${count(answers, 'time')}`;
  return `${who} says since ${since} UTC that it is ${address}${whose}: ${count(claims, 'time')} so far${also}.`;
}

export const spoofing = defineWords<'spoofing'>({
  title: 'Impersonation',
  severity: 'Critical',
  telling: 9,
  words({ evidence, since }, { name }) {
    const { mac, other } = evidence;
    const who = name === mac ? mac : `${name}, at ${mac},`;
    return evidence.what === 'dhcp'
      ? {
          sentence: `A second device, ${mac}, hands out network addresses since ${clock(since)} UTC; so far ${other} did.`,
          meaning:
            'Whoever hands out addresses can redirect all traffic. A second router that was just plugged in does so by mistake.',
          advice: [
            'Ask whether somebody plugged in a router or access point.',
            `Find the device with the address ${mac} and disconnect it.`,
          ],
        }
      : {
          sentence: arp(evidence, who, clock(since)),
          meaning:
            'Whoever claims the address of another device gets what others send to it. Two devices set to the same address look the same.',
          advice: [`Find the device with the address ${mac}. If you do not know it, disconnect it.`],
        };
  },
  facts: (evidence) => [
    ...(evidence.what === 'arp' ? [said('Claimed address', evidence.address)] : []),
    said('Link-layer address', evidence.mac),
    ...(evidence.other === undefined ? [] : [said('The other device', evidence.other)]),
    ...(evidence.what === 'arp' ? [counted('Claims of the address', evidence.claims)] : []),
    ...(evidence.what === 'arp' && evidence.answers !== undefined
      ? [counted('Answers to it as the address', evidence.answers)]
      : []),
  ],
});
