import { DECLARED, defineKind, LIKELY, NAMES, TELLING } from './rule.ts';

export const appliance = defineKind({
  kind: 'appliance',
  title: 'Household appliance',
  rules: [
    {
      in: NAMES,
      match:
        /wash(?:er|ing)|\bdryer\b|vacuum|robo(?:rock|vac|t ?cleaner)|\broomba|irobot|lawn ?mower|mower|toothbrush|sprinkler|irrigation|garage ?door|\bblinds?\b|curtain|pet ?feeder|litter/i,
      weight: DECLARED,
      why: 'calls itself a household appliance',
    },
    {
      in: NAMES,
      match:
        /\broborock|rockrobo|ecovacs|deebot|neato|dreame|xiaowa|\bBSH-|home ?connect|siemens-\w+-\d{10}|bosch-\w+-\d{10}|miele-|rachio|gardena|husqvarna/i,
      weight: LIKELY,
      why: 'a name of household appliances',
    },
    {
      in: 'mdns_service',
      match: /^_(?:homeconnect|mieleathome|irobotmcs)\._/,
      weight: TELLING,
      why: 'offers a service of household appliances',
    },
    {
      in: 'vendor',
      match:
        /irobot|roborock|ecovacs|neato robotics|dreame|bsh hausger|miele|whirlpool|haier|electrolux|husqvarna|gardena|rachio|chamberlain|beijing rockrobo|arcelik/i,
      weight: LIKELY,
      why: 'the maker mostly makes household appliances',
    },
    {
      in: 'lookup',
      match:
        /(?:^|\.)(?:irobot(?:api)?\.com|irbtapi\.com|roborock\.com|ecovacs\.(?:com|cn|net)|ecouser\.net|neatocloud\.com|home-connect\.com|mcs\.miele\.com|rach\.io|rachio\.com|whrcloud\.com|lgthinq\.com|lgeapi\.com)$/i,
      weight: TELLING,
      why: 'uses a cloud of household appliances',
    },
  ],
});
