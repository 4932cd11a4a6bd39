import { DECLARED, defineKind, HINT, homeKit, LIKELY, NAMES, TELLING } from './rule.ts';

export const tv = defineKind({
  kind: 'tv',
  title: 'Television',
  rules: [
    homeKit(24, 25, 31, 35, 36),
    {
      in: NAMES,
      match:
        /(?:smart|android|google|apple|fire|web ?os|qled|oled|roku)[ _-]?tv\b|\btv\b|television|\bbravia|webos|\broku\b|roku-|chromecast|fire ?stick|firetv|\bAFT[A-Z]{1,3}\b|appletv|set-?top|mediaroom|\bkodi\b|libreelec|osmc|viera|vizio|tizen|shield-?android|\bUE\d{2}|\bOLED\d{2}|DVP-\d/i,
      weight: TELLING,
      why: 'a name of televisions',
    },
    {
      in: 'ssdp_type',
      match:
        /dial-multiscreen-org:(?:service|device):dial|device:tvdevice|samsung\.com:device:(?:RemoteControlReceiver|MainTVServer2)|roku:ecp|webos-second-screen|lge-com:service:webos/i,
      weight: LIKELY,
      why: 'announces',
    },
    { in: 'ssdp_type', match: /device:MediaRenderer/i, weight: HINT, why: 'announces' },
    {
      in: 'mdns_service',
      match:
        /^_(?:androidtvremote2?|amzn-wplay|mediaremotetv|touch-able|appletv[\w-]*|roku-rcp|samsungmsf|lg-smart-device|viziocast|nvstream)\._/,
      weight: LIKELY,
      why: 'offers a service of televisions',
    },
    {
      in: 'mdns_text',
      match: /model=AppleTV|^_googlecast\._tcp .*md=(?:Chromecast|[^=]*TV|BRAVIA|SHIELD)/i,
      weight: DECLARED,
      why: 'declares its model',
    },
    {
      in: 'vendor',
      match:
        /\broku\b|vizio|hisense|tcl king|skyworth|sony (?:visual|home)|panasonic avc|tivo|humax|sagemcom|technicolor|arris|lg electronics/i,
      weight: HINT,
      why: 'the maker mostly makes televisions and set-top boxes',
    },
    {
      in: 'lookup',
      match:
        /(?:^|\.)(?:samsungcloudsolution\.(?:com|net)|samsungqbe\.com|samsungacr\.com|samsungrm\.net|lgtvsdp\.com|lgtvcommon\.com|lgsmartad\.com|lgtvonline\.lge\.com|roku\.com|sr\.roku\.com|vizio\.com|tvinteractive\.tv|hismarttv\.com|nrdp\.\w+\.netflix\.com|androidtvwatsonfe-pa\.googleapis\.com)$/i,
      weight: LIKELY,
      why: 'uses a cloud of televisions',
    },
    {
      in: 'lookup',
      match: /(?:^|\.)(?:nflxvideo\.net|netflix\.com|aiv-cdn\.net|aiv-delivery\.net|dssott\.com|hulustream\.com)$/i,
      weight: 0.15,
      why: 'plays films',
    },
    {
      in: 'user_agent',
      match: /SmartTV|SMART-TV|Tizen|Web0S|BRAVIA|AppleTV|CrKey|Roku|HbbTV|AFT[A-Z]/,
      weight: TELLING,
      why: 'says in its requests',
    },
    {
      in: 'open_port',
      match: /^tcp\/(?:8060|3000|3001|8001|8002|7000)$/,
      weight: 0.2,
      why: 'answers on a port of televisions',
    },
  ],
});
