/** What a channel is. A new one is its file in channel/ and its line in channels.ts. */
import type { z } from 'zod';
import type { AlertKind } from '../../alert/alert.ts';
import type { Severity } from '../../alert/severity.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Message } from '../message/message.ts';
import type { HttpPost } from '../transport/http-post.ts';
import type { SecretRef } from '../transport/secret.ts';
import type { Timers } from '../transport/timers.ts';

/** How a device stands now; the newest replaces the one before. */
export interface DeviceRisk {
  address: string;
  device: string;
  /** Null: behaves as usual. */
  severity: Severity | null;
  kind: AlertKind | null;
  sentence: string | null;
  /** Since when, seconds since 1970 UTC. */
  since: number | null;
}

/** A channel that is set up. Constructing it does nothing yet: no connection, no secret is read. */
export interface Channel {
  /**
   * One attempt. Resolves once the receiver has taken the message; rejects with an AppError, or with the signal's reason
   * when the time is up, and leaves nothing open then.
   */
  send(message: Message, signal: AbortSignal): Promise<void>;
  /** For receivers that show states: begins to. */
  start?(): void;
  setRisk?(risk: DeviceRisk): void;
  /** Takes back what the receiver was told to keep about a device. */
  forget?(address: string): void;
  stop?(): Promise<void>;
}

export interface ChannelTools {
  post: HttpPost;
  reveal: (ref: SecretRef) => string;
  clock: Clock;
  timers: Timers;
  log: Log;
  /** Version of Guardian. */
  version: string;
}

export interface ChannelDefinition<Kind extends string, Settings extends z.ZodObject> {
  kind: Kind;
  /** As the settings page calls it. */
  label: string;
  /** Template of the title of an alert where the settings have none. */
  title?: string;
  settings: Settings;
  create(settings: z.output<Settings>, tools: ChannelTools): Channel;
}

export const defineChannel = <const Kind extends string, Settings extends z.ZodObject>(
  definition: ChannelDefinition<Kind, Settings>,
): ChannelDefinition<Kind, Settings> => definition;
