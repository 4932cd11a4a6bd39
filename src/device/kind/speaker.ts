import { DECLARED, defineKind, HINT, homeKit, LIKELY, NAMES, TELLING } from './rule.ts';

export const speaker = defineKind({
  kind: 'speaker',
  title: 'Speaker',
  rules: [
    homeKit(26),
    {
      in: NAMES,
      match:
        /\bspeaker|sound ?bar|home ?pod|\becho\b|echo[ _-]?(?:dot|show|plus|pop|studio|spot)|nest[ _-]?(?:mini|audio|hub)|google[ _-]?home|home[ _-]?mini|sonos|\bSonosZP|symfonisk|\bbose\b|soundtouch|audio ?receiver|\bAVR-|homepod|squeezebox|\btriby|allure/i,
      weight: TELLING,
      why: 'a name of speakers',
    },
    { in: 'ssdp_type', match: /device:ZonePlayer/i, weight: DECLARED, why: 'announces itself as a Sonos player' },
    {
      in: 'mdns_service',
      match: /^_(?:sonos|soundtouch|raop|spotify-connect|heos-audio|musc|linkplay|alexa|amzn-alexa|bose\w*)\._/,
      weight: LIKELY,
      why: 'offers a service of speakers',
    },
    {
      in: 'mdns_text',
      match:
        /^_googlecast\._tcp .*md=(?:Google Home|Google Nest (?:Mini|Audio|Hub)|Nest (?:Audio|Mini)|Home Mini|[^=]*(?:speaker|sound))/i,
      weight: DECLARED,
      why: 'declares its Cast model',
    },
    { in: 'mdns_text', match: /model=AudioAccessory/i, weight: DECLARED, why: 'declares the model of the HomePod' },
    {
      in: 'vendor',
      match:
        /sonos|bose|harman|bang ?& ?olufsen|denon|d&m holdings|yamaha corp|devialet|libratone|linkplay|marshall|invoxia|klipsch|bluesound|lenbrook/i,
      weight: LIKELY,
      why: 'the maker mostly makes speakers',
    },
    {
      in: 'lookup',
      match:
        /(?:^|\.)(?:avs-alexa[\w-]*\.(?:[\w-]+\.)?amazon\.com|amazonalexa\.com|bob-dispatch-prod-\w+\.amazon\.com|ws\.sonos\.com|sonos\.com|embeddedassistant\.googleapis\.com|streaming\.bose\.io|device-metrics-us(?:-2)?\.amazon\.com)$/i,
      weight: HINT + 0.2,
      why: 'uses a voice or music cloud',
    },
    { in: 'vendor', match: /amazon technologies/i, weight: HINT, why: "most of the maker's devices are speakers" },
    {
      in: 'open_port',
      match: /^tcp\/(?:1400|1443|4070|55443|8009|10001)$/,
      weight: HINT,
      why: 'answers on a port of speakers',
    },
  ],
});
