import { DECLARED, defineKind, HINT, LIKELY, TELLING } from './rule.ts';

export const phone = defineKind({
  kind: 'phone',
  title: 'Phone',
  rules: [
    {
      in: ['dhcp_name', 'mdns_name', 'mdns_instance', 'model'],
      match:
        /i-?phone|\bpixel[ _-]?\d|galaxy[ _-]?[asznm]\d|galaxy[ _-]?(?:note|fold|flip)|redmi|\boneplus|\bhuawei[ _-]?p\d|\bmoto[ _-]?[gxe]\d?|xperia|nexus[ _-]?[456]|\bmi[ _-]?\d{1,2}\b|\bpoco|\bnokia|\bSM-[AGNSF]\d{3}|honor[ _-]?\d|\brealme|fairphone|phone\b/i,
      weight: TELLING,
      why: 'a name of phones',
    },
    { in: 'mdns_text', match: /model=iPhone/i, weight: DECLARED, why: 'declares its model' },
    { in: ['dhcp_name'], match: /^android[-_][0-9a-f]{6,}/i, weight: LIKELY, why: 'the name that Android gives' },
    {
      in: 'dhcp_vendor_class',
      match: /^android-dhcp-\d+|^dhcpcd-5\.[25]\.\d+$/,
      weight: LIKELY - 0.1,
      why: "Android's DHCP client, mostly phones",
    },
    {
      in: 'user_agent',
      match:
        /iPhone|Android[^)]*Mobile|Android [\d.]+; (?:SM-[AGNSF]|Pixel|Nexus [456])|Dalvik\/[\d.]+ \(Linux; U; Android/,
      weight: LIKELY,
      why: 'says in its requests',
    },
    {
      in: 'lookup',
      match:
        /^(?:(?:mtalk|alt\d-mtalk|android\.clients|mobile-gtalk)\.google\.com|mmg\.whatsapp\.net|time\.android\.com)$/i,
      weight: LIKELY - 0.15,
      why: 'looks up what phones do',
    },
    {
      in: 'lookup',
      match: /^\d*-?courier\d*\.push\.apple\.com$/i,
      weight: HINT - 0.15,
      why: "keeps Apple's notifications open",
    },
    {
      in: 'dhcp_parameters',
      match: /^1,121,3,6,15,108,114,119,252$|^1,121,3,6,15,119,252$|^1,3,6,15,26,28,51,58,59,43(?:,114(?:,108)?)?$/,
      weight: HINT,
      why: 'asks by DHCP for what phones ask',
    },
  ],
});
