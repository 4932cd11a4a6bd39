import { DECLARED, defineKind, homeKit, LIKELY, NAMES, TELLING } from './rule.ts';

export const kitchen = defineKind({
  kind: 'kitchen',
  title: 'Kitchen appliance',
  rules: [
    homeKit(27),
    {
      in: NAMES,
      match:
        /kettle|coffee|espresso|microwave|\boven\b|fridge|refrigerator|dishwasher|\bhob\b|cook(?:er|top)|sous ?vide|\bgrill\b|toaster|blender|thermomix|freezer|brewer/i,
      weight: DECLARED,
      why: 'calls itself a kitchen appliance',
    },
    {
      in: ['contacted_port', 'open_port'],
      match: /^(?:tcp|udp)\/2081$/,
      and: { in: 'vendor', match: /espressif|hi-flying|smarter/i },
      weight: LIKELY,
      why: "uses the port of Smarter's kettles and coffee machines",
      brand: 'Smarter',
    },
    {
      in: ['ssdp_type', 'ssdp_uuid'],
      match: /urn:belkin:device:(?:crockpot|coffeemaker|mrcoffee)/i,
      weight: DECLARED,
      why: 'announces itself as a kitchen appliance',
    },
    {
      in: 'lookup',
      match:
        /(?:^|\.)(?:anovaculinary\.(?:com|io)|smarter\.am|nespresso\.com|june\.cloud|traegergrills\.com|meater\.com|brevilleusa\.com|jura\.com|cook-key\.vorwerk\.\w+|behmor\.com)$/i,
      weight: TELLING,
      why: 'uses a cloud of kitchen appliances',
    },
    {
      in: 'vendor',
      match: /smarter (?:applications|am)|anova|vorwerk|de'?longhi|jura elektro|keurig|traeger|june life/i,
      weight: LIKELY,
      why: 'the maker mostly makes kitchen appliances',
    },
  ],
});
