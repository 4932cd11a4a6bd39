/** What an owner sets, with what is left out filled in. */
import type { ChannelConfig } from '../channels.ts';
import { defaultRule, type Rule } from './rule.ts';

export interface NotifierSettings {
  channels: ChannelConfig[];
  /** None: everything from Medium up on every channel. */
  rules: Rule[];
  /** Machines of the owner's network that HTTP channels may reach. */
  lanTargets?: string[];
  timeZone?: string;
}

export interface CompleteSettings extends Required<NotifierSettings> {
  /** The channels that are switched on. */
  active: ChannelConfig[];
}

export const machineTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

export const complete = ({ channels, rules, lanTargets = [], timeZone }: NotifierSettings): CompleteSettings => ({
  channels,
  active: channels.filter(({ enabled }) => enabled),
  rules: rules.length > 0 ? rules : [defaultRule],
  lanTargets,
  timeZone: timeZone ?? machineTimeZone(),
});
