import { DECLARED, defineKind, HINT, homeKit, LIKELY, NAMES, TELLING } from './rule.ts';

export const hub = defineKind({
  kind: 'hub',
  title: 'Hub',
  rules: [
    homeKit(2),
    {
      in: NAMES,
      match:
        /(?:smart|home|zigbee|z-?wave|hue|matter|thread|lighting)[ _-]?(?:hub|bridge|gateway|coordinator)|\bhub\b|IpBridge|ipbridge/i,
      weight: TELLING,
      why: 'calls itself a hub or bridge',
    },
    {
      in: 'mdns_service',
      match:
        /^_(?:hue|home-assistant|homekit-bridge|ihsp|dirigera|meshcop|zigbee[\w-]*|slzb-06|deconz|openhab(?:-server)?|homematic|hubitat|hmip|bosch-shc|tradfri)\._/,
      weight: TELLING,
      why: 'offers a service of hubs',
    },
    {
      in: 'mdns_text',
      match: /^_coap\._udp .*|^_ihsp\._tcp/,
      and: { in: NAMES, match: /tradfri|dirigera|gw-/i },
      weight: TELLING,
      why: 'announces a gateway',
    },
    {
      in: NAMES,
      match: /philips[ _-]?hue|hue[ _-]?bridge|\bBSB00[12]\b/i,
      weight: TELLING,
      why: 'the name of the Hue bridge',
      brand: 'Philips',
    },
    {
      in: NAMES,
      match: /lightify/i,
      weight: LIKELY,
      why: 'the name of the Lightify gateway, the only Lightify device on a network',
      brand: 'Osram',
    },
    {
      in: NAMES,
      match: /tradfri|dirigera|gw-[0-9a-f]{12}/i,
      weight: TELLING,
      why: "the name of IKEA's gateway",
      brand: 'IKEA',
    },
    { in: NAMES, match: /\bDCH-G\d{3}/i, weight: TELLING, why: "model numbers of D-Link's hubs begin with DCH-G" },
    {
      in: ['ssdp_type', 'ssdp_uuid'],
      match: /urn:belkin:device:bridge\b|^bridge-1_0/i,
      weight: DECLARED,
      why: 'announces itself as the WeMo Link',
      brand: 'Belkin',
    },
    {
      in: NAMES,
      match:
        /smartthings|\bst-[0-9a-f]{12}|hubitat|vera-?\d|homey-|\bwink\b|home-?assistant|hassio|openhab(?:ian)?|domoticz|iobroker|fhem|homebridge|homee-|deconz|phoscon|\bccu[23]?\b|homematic|raspberrymatic|tahoma|harmony ?hub|switchbot[ _-]?hub|aqara[ _-]?(?:hub|gateway)|lumi-gateway|lumi[.-]acpartner|xiaomi.?gateway|insteon|smart ?bridge|lutron-|caseta|\bmyq|connexoon|broadlink|\bzigbee/i,
      weight: TELLING,
      why: 'a name of hubs',
    },
    {
      in: 'vendor',
      match: /eq-3/i,
      weight: LIKELY,
      why: 'its devices use radio of their own, and only its gateways a network',
    },
    {
      in: 'vendor',
      match: /philips lighting|signify/i,
      weight: LIKELY,
      why: 'its lamps use radio of their own, and only the bridge a network',
    },
    {
      in: 'vendor',
      match:
        /smartthings|physical graph|hubitat|lutron|insteon|smartlabs|wink |athom|homee|gira |loxone|busch-jaeger|dresden elektronik|mi casa verde|zipato|fibar|control4|crestron|samjin|ember corporation|universal devices|bosch smart|tado|nexx/i,
      weight: LIKELY,
      why: 'the maker mostly makes hubs',
    },
    {
      in: 'lookup',
      match:
        /(?:^|\.)(?:meethue\.com|arrayent\.com|homematic\.com|eq-3\.de|hub\.wink\.com|smartthings\.com|hubitat\.com|connect\.insteon\.com|home-assistant\.io|myopenhab\.org|openhab\.org|openhab\.jfrog\.io|getvera\.com|mios\.com|homesmart\.ikea\.com|iot\.osram\.com|lightify\.com|overkiz\.com|athom\.com|sengledcloud?\.com|us\.sengled\.com|myharmony\.com)$/i,
      weight: LIKELY,
      why: 'uses a cloud of hubs',
    },
    {
      in: 'lookup',
      match: /(?:^|\.)icomen\.yunext\.com$/i,
      weight: LIKELY,
      why: 'uses the cloud of iComen, whose gateways speak to radio sockets',
    },
    { in: 'open_port', match: /^tcp\/(?:8123|62910|39500|8083)$/, weight: HINT, why: 'answers on a port of hubs' },
    { in: 'contacted_port', match: /^udp\/(?:43439|23272)$/, weight: HINT, why: 'uses a port of hubs' },
  ],
});
