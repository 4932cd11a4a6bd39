import { DECLARED, defineKind, homeKit, LIKELY, NAMES, TELLING } from './rule.ts';

export const thermostat = defineKind({
  kind: 'thermostat',
  title: 'Heating and cooling',
  rules: [
    homeKit(9, 19, 20, 21, 22, 23),
    {
      in: NAMES,
      match:
        /thermostat|air ?con(?:ditioner)?\b|heat ?pump|\bheater\b|air ?purifier|humidifier|\bboiler\b|\bhvac\b|\bfan\b/i,
      weight: DECLARED,
      why: 'calls itself heating or cooling',
    },
    {
      in: NAMES,
      match:
        /ecobee|honeywell|\btado|netatmo[ _-]?(?:valve|relay)|nest[ _-]?thermostat|\b0[129]AA01|daikin|melcloud|sensibo|emberpulse|drayton|wiser ?heat/i,
      weight: LIKELY,
      why: 'a name of heating or cooling',
    },
    {
      in: 'vendor',
      match:
        /ecobee|daikin|resideo|honeywell (?:home|connected)|mitsubishi electric|dyson|coway|blueair|venstar|emerson climate|drayton|vaillant|viessmann|lennox/i,
      weight: LIKELY,
      why: 'the maker mostly makes heating and cooling',
    },
    {
      in: 'lookup',
      match:
        /(?:^|\.)(?:ecobee\.com|tado\.com|alarmnet\.com|mytotalconnectcomfort\.com|melcloud\.com|daikinsmartdb\.\w+|sensibo\.com|blueair\.io)$/i,
      weight: TELLING,
      why: 'uses a cloud of heating and cooling',
    },
  ],
});
