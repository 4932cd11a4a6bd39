import { DECLARED, defineKind, HINT, LIKELY, NAMES, TELLING } from './rule.ts';

export const nas = defineKind({
  kind: 'nas',
  title: 'Network storage',
  rules: [
    {
      in: NAMES,
      match:
        /\bnas\b|diskstation|synology|qnap|readynas|truenas|freenas|unraid|my ?cloud|terramaster|time ?capsule|drobo/i,
      weight: TELLING,
      why: 'a name of network storage',
    },
    {
      in: 'mdns_text',
      match: /model=(?:Xserve|TimeCapsule|RackMac)|vendor=(?:Synology|QNAP)/i,
      weight: DECLARED,
      why: 'declares its model',
    },
    { in: 'mdns_service', match: /^_(?:adisk|afpovertcp|nfs|qdiscover)\._/, weight: HINT + 0.1, why: 'offers storage' },
    { in: 'ssdp_type', match: /device:MediaServer/i, weight: HINT, why: 'announces' },
    {
      in: 'vendor',
      match: /synology|qnap|western digital|drobo|terramaster|buffalo|asustor/i,
      weight: LIKELY,
      why: 'the maker mostly makes network storage',
    },
  ],
});
