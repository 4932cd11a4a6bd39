import { DECLARED, defineKind, HINT, homeKit, LIKELY, NAMES, TELLING } from './rule.ts';

export const sensor = defineKind({
  kind: 'sensor',
  title: 'Sensor',
  rules: [
    homeKit(10),
    {
      in: 'model',
      match: /^SH(?:HT|WT|DW|GS|MOS|SM)\b/,
      weight: TELLING,
      why: "model number of Shelly's sensors",
      brand: 'Shelly',
    },
    {
      in: NAMES,
      match:
        /(?:motion|door|window|water|leak|temperature|humidity|smoke|co2?|flood|air ?quality|weather|contact|soil)[ _-]?(?:sensor|detector|monitor|station)|\bsensor\b|smoke ?(?:alarm|detector)|thermometer|weather ?station/i,
      weight: DECLARED,
      why: 'calls itself a sensor',
    },
    {
      in: NAMES,
      match: /\bDCH-S1[5-9]\d/i,
      weight: TELLING,
      why: "model numbers of D-Link's sensors begin with DCH-S1",
    },
    {
      in: ['ssdp_type', 'ssdp_uuid'],
      match: /urn:belkin:device:sensor\b|^sensor-1_0/i,
      weight: DECLARED,
      why: 'announces itself as the WeMo motion sensor',
      brand: 'Belkin',
    },
    {
      in: NAMES,
      match:
        /shelly(?:ht|plusht|flood|dw|motion|smoke|uni)|tasmota|esphome|esp[_-]?easy|netatmo[\w-]*weather|awair|airthings|purpleair|luftdaten|airrohr|eve ?(?:room|weather)|nest[ _-]?protect|homewizard|p1meter|tempest|ecowitt|\bgw[12]\d{3}[a-z]?-wifi|ambientweather|foobot|ruuvi/i,
      weight: LIKELY,
      why: 'a name of sensors',
    },
    {
      in: 'vendor',
      match:
        /airthings|awair|foobot|ecowitt|davis instruments|weatherflow|ruuvi|kidde|first alert|sensibo|smappee|sense labs|iotawatt|homewizard/i,
      weight: LIKELY,
      why: 'the maker mostly makes sensors',
    },
    {
      in: 'lookup',
      match:
        /(?:^|\.)(?:netatmo\.net|netatmo\.com|awair\.is|airthings\.com|thingspeak\.com|wunderground\.com|ecowitt\.net|homewizard\.com)$/i,
      weight: HINT,
      why: 'uses a cloud of sensors',
    },
  ],
});
