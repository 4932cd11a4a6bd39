import { DECLARED, defineKind, HINT, LIKELY, NAMES, TELLING } from './rule.ts';

/** The inventory itself finds routers by the frames for the internet that others send them. */
export const router = defineKind({
  kind: 'router',
  title: 'Router',
  rules: [
    {
      in: 'ssdp_type',
      match: /device:(?:InternetGatewayDevice|WANDevice|WANConnectionDevice):/i,
      weight: DECLARED,
      why: 'announces itself as an internet gateway',
    },
    { in: 'lldp', match: /capability=(?:router|access point)/, weight: TELLING, why: 'says so by LLDP' },
    {
      in: ['dhcp_name', 'mdns_name', 'netbios_name', 'mdns_instance', 'upnp', 'lldp', 'ssdp_server'],
      match:
        /\brouter\b|fritz[.!]?box|openwrt|dd-wrt|pfsense|opnsense|mikrotik|\bunifi\b|\bairport\b|access ?point|speedport|livebox|\bdeco\b|\beero\b|orbi\b|linksys|\bnetgear|\bgateway\b(?!.*zigbee)/i,
      weight: LIKELY,
      why: 'a name of routers',
    },
    {
      in: NAMES,
      match: /\b(?:DIR|DSL|DAP|COVR)-[\dLX]\d{2,3}/,
      weight: TELLING,
      why: "model number of D-Link's routers",
    },
    {
      in: 'vendor',
      match:
        /ubiquiti|mikrotik|routerboard|avm |netgear|zyxel|draytek|eero|cisco|juniper|ruckus|aruba|fritz|huawei device|sercomm|pc engines/i,
      weight: HINT,
      why: 'the maker mostly makes routers',
    },
  ],
});
