import { DECLARED, defineKind, HINT, LIKELY, NAMES, TELLING } from './rule.ts';

export const printer = defineKind({
  kind: 'printer',
  title: 'Printer',
  rules: [
    {
      in: 'mdns_service',
      match: /^_(?:ipps?|printer|pdl-datastream|scanner|uscans?|privet)\._/,
      weight: TELLING,
      why: 'offers a service of printers',
    },
    {
      in: NAMES,
      match:
        /\bprinter\b|laserjet|officejet|deskjet|\benvy\b|\bpixma|ecotank|workforce|\bMFC-|\bDCP-[LJ]|\bHL-L?\d|imageclass|\bNPI[0-9A-F]{6}|\bBRN?W?[0-9A-F]{12}|\bEPSON[0-9A-F]{6}|\bHP[0-9A-F]{6}\b/i,
      weight: TELLING,
      why: 'a name of printers',
    },
    {
      in: 'ssdp_type',
      match: /device:Printer|service:PrintBasic/i,
      weight: DECLARED,
      why: 'announces itself as a printer',
    },
    {
      in: 'vendor',
      match:
        /brother industries|seiko epson|canon|lexmark|kyocera|xerox|ricoh|oki (?:data|electric)|konica|zebra tech/i,
      weight: LIKELY,
      why: 'the maker mostly makes printers',
    },
    { in: 'open_port', match: /^tcp\/(?:9100|631|515)$/, weight: HINT + 0.1, why: 'answers on a port of printers' },
  ],
});
