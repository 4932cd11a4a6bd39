import { said } from '../fact.ts';
import { defineWords } from './kind-words.ts';
import { clock } from './phrase.ts';

export const newDevice = defineWords<'new-device'>({
  title: 'New device',
  severity: 'Low',
  telling: 0,
  coolDown: 86_400,
  words: ({ evidence: { mac }, since }, { name }) => ({
    sentence: `${name} is on your network for the first time${mac ? ` (${mac})` : ''}, since ${clock(since)} UTC.`,
    meaning: 'A new device or a guest, most likely.',
    advice: ['If nobody in the house knows it, change the password of your wireless network.'],
  }),
  facts: ({ mac }) => (mac === '' ? [] : [said('Link-layer address', mac)]),
});
