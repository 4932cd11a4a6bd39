import { DECLARED, defineKind, HINT, homeKit, LIKELY, NAMES, TELLING } from './rule.ts';

export const light = defineKind({
  kind: 'light',
  title: 'Light',
  rules: [
    homeKit(5),
    {
      in: 'model',
      match: /^SH(?:BLB|VIN|BDUO|RGBW|CL|CB|DM)/,
      weight: TELLING,
      why: "model number of Shelly's lights",
      brand: 'Shelly',
    },
    {
      in: NAMES,
      match:
        /\b(?:smart|color|led|light|wiz|rgb\w*)[ _-]?(?:bulb|lamp|light|strip|dimmer)|\bbulb\b|\blamp\b|dimmer|light ?strip|lightswitch|IOT\.SMARTBULB|nanoleaf/i,
      weight: DECLARED,
      why: 'calls itself a light',
    },
    {
      in: NAMES,
      match: /\b(?:LB1\d{2}|KL\d{2,3}|KS2\d{2}|HS2\d{2}|L5[13]\d|L9[0-3]0)\b/i,
      and: { in: 'vendor', match: /tp-?link/i },
      weight: TELLING,
      why: "model number of TP-Link's lights",
    },
    {
      in: NAMES,
      match:
        /\byeelink|yeelight|\blifx|wiz_[0-9a-f]{6}|\bwled|shelly(?:bulb|duo|dimmer|vintage|rgbw|color)|twinkly|govee|flux[ _-]?(?:led|wifi)|zengge|magichome|sengled|elgato key light/i,
      weight: TELLING,
      why: 'a name of lights',
    },
    {
      in: ['ssdp_type', 'ssdp_uuid'],
      match: /urn:belkin:device:(?:lightswitch|dimmer)\b|^(?:lightswitch|dimmer)-1_0|wifi_bulb:1/i,
      weight: DECLARED,
      why: 'announces itself as a light',
    },
    {
      in: 'mdns_service',
      match: /^_(?:wled|nanoleafapi|nanoleafms|elg|lifx)\._/,
      weight: TELLING,
      why: 'offers a service of lights',
    },
    {
      in: 'vendor',
      match: /lifi labs|lifx|yeelight|nanoleaf|wiz (?:connected|iot)|twinkly|ledworks|govee|sengled/i,
      weight: LIKELY,
      why: 'the maker mostly makes lights',
    },
    {
      in: 'lookup',
      match:
        /(?:^|\.)(?:lifx\.(?:co|com)|yeelight\.com|wiz\.world|wizconnected\.com|nanoleaf\.me|govee\.com|twinkly\.com|magichue\.net)$/i,
      weight: LIKELY,
      why: 'uses a cloud of lights',
    },
    {
      in: ['contacted_port', 'open_port'],
      match: /^(?:udp|tcp)\/(?:56700|38899|55443|5577)$/,
      weight: HINT,
      why: 'uses a port of lights',
    },
  ],
});
