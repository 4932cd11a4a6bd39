import { DECLARED, defineKind, HINT, homeKit, LIKELY, NAMES, TELLING } from './rule.ts';

export const plug = defineKind({
  kind: 'plug',
  title: 'Smart plug',
  rules: [
    homeKit(7),
    { in: 'model', match: /^SHPLG/, weight: TELLING, why: "model number of Shelly's plugs", brand: 'Shelly' },
    {
      in: NAMES,
      match: /smart ?(?:plug|socket|outlet|strip)|\bplug(?:us|-?s)?\b|_plug|power ?strip|outlet/i,
      weight: DECLARED,
      why: 'calls itself a plug',
    },
    { in: NAMES, match: /\bIOT\.SMARTPLUG/i, weight: TELLING, why: 'says its type' },
    {
      in: NAMES,
      match: /\b(?:HS1\d{2}|HS3\d{2}|KP\d{3}|EP\d{2}|KL?P115|P1(?:00|05|10|15|25)|TP1[05])\b/i,
      and: { in: 'vendor', match: /tp-?link/i },
      weight: TELLING,
      why: "model number of TP-Link's plugs",
    },
    { in: NAMES, match: /\bDSP-W\d{3}/i, weight: TELLING, why: "model numbers of D-Link's plugs begin with DSP" },
    { in: NAMES, match: /\bSP-?[12]\d{3}W?\b/i, weight: TELLING, why: "model numbers of Edimax's plugs begin with SP" },
    {
      in: ['ssdp_type', 'ssdp_uuid'],
      match: /urn:belkin:device:(?:insight|controllee|socket|outdoorplug|plug|sns)\b|^(?:insight|socket|plug)-1_0/i,
      weight: DECLARED,
      why: 'announces itself as a WeMo switch',
      brand: 'Belkin',
    },
    {
      in: NAMES,
      match:
        /\bMSS\d{3}|\bShelly(?:-?plug|plus ?plug)|shellyplug|\bwemo[. _-]?(?:mini|insight|switch|plug)|Insight-1_0|nous ?a\d|gosund|teckin|\bBSD\d{2}|\bSP[2-4]-?(?:mini|eu)|broadlink[_ -]?sp|satechi|ihome.*sp\d|\biSP\d/i,
      weight: TELLING,
      why: 'a name of plugs',
    },
    {
      in: 'lookup',
      match: /(?:^|\.)(?:wemo2?\.com|xbcs\.net)$/i,
      weight: HINT + 0.1,
      why: 'uses the cloud of WeMo, mostly plugs',
    },
    {
      in: 'lookup',
      match: /(?:^|\.)devs\.tplinkcloud\.com$/i,
      weight: HINT,
      why: 'uses the cloud of Kasa, mostly plugs',
    },
    { in: 'lookup', match: /mqtt[\w-]*\.meross\.com$/i, weight: HINT, why: 'uses the cloud of Meross, mostly plugs' },
    {
      in: 'open_port',
      match: /^tcp\/(?:9999)$/,
      and: { in: 'vendor', match: /tp-link/i },
      weight: LIKELY,
      why: "answers on the port of TP-Link's plugs",
    },
    {
      in: 'open_port',
      match: /^tcp\/4915[2-5]$/,
      and: { in: 'vendor', match: /belkin/i },
      weight: HINT,
      why: 'answers on a port of WeMo devices',
    },
  ],
});
