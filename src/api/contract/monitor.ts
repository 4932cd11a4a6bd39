/** The live monitor: what it sees, and whether it sees. Times in seconds since 1970 UTC. */
import { z } from 'zod';

/**
 * off: nothing is watched. learning and watching: everything is seen. degraded: something is missed. blind: nothing is
 * seen, or more than one packet in a hundred is lost. `reason` says why.
 */
export const monitorStates = ['off', 'starting', 'learning', 'watching', 'degraded', 'blind'] as const;

/** A time that was not seen. */
export const gapSchema = z.object({ from: z.number(), to: z.number().nullable(), reason: z.string() });
export type Gap = z.infer<typeof gapSchema>;

/** offered = parsed + all of rejected + all of dropped. */
export const accountSchema = z.object({
  offered: z.number(),
  parsed: z.number(),
  rejected: z.record(z.string(), z.number()),
  dropped: z.record(z.string(), z.number()),
  connections: z.number(),
  devices: z.number(),
  alerts: z.number(),
  /** How often the capture tool was started. */
  starts: z.number(),
});
export type Account = z.infer<typeof accountSchema>;

export const monitorSchema = z.object({
  state: z.enum(monitorStates),
  reason: z.string().nullable(),
  /** Since when it is in that state; of what is not seen, since when it is not. */
  since: z.number(),
  /** One sentence for the owner: "All 14 devices behave as usual." */
  sentence: z.string(),
  /** What can be seen from where it watches, in a sentence; null while that is not known. */
  view: z.string().nullable(),
  /** Where the traffic comes from: "eth0", "demo", "netflow 2055"; null while it is off. */
  source: z.string().nullable(),
  /** How this Guardian is called in a terminal of its machine, from any folder: for commands that a page shows. */
  command: z.string(),
  /** How long it has learned, and how long it is to learn, in seconds. */
  learned_seconds: z.number(),
  learn_seconds: z.number(),
  account: accountSchema,
  /** The newest first, 100 at most. */
  gaps: z.array(gapSchema),
  devices: z.object({ known: z.int(), online: z.int(), monitored: z.int(), learning: z.int(), at_risk: z.int() }),
  open_alerts: z.int(),
});
export type MonitorStatus = z.infer<typeof monitorSchema>;

/** Interfaces of this machine that can be watched. */
export const interfaceListSchema = z.object({
  interfaces: z.array(z.object({ name: z.string(), up: z.boolean(), addresses: z.array(z.string()) })),
});
export type InterfaceList = z.infer<typeof interfaceListSchema>;

export const monitorStartSchema = z.strictObject({ interface: z.string().min(1).max(64) });

/** The traffic of one stretch of time, of the whole network or of one device. */
export const trafficPointSchema = z.object({
  /** Start of the stretch. */
  ts: z.number(),
  packets: z.number(),
  bytes: z.number(),
  /**
   * How unusual its most unusual moment was: times less likely than ordinary, as a power of ten (0: ordinary; 3: one in
   * a thousand). Null where nothing was judged.
   */
  strangeness: z.number().nullable(),
  /** Connections that ended in it, begun by the device. */
  connections: z.number(),
  /** Other ends that it contacted, each counted once a minute. */
  contacts: z.number(),
});
export type TrafficPoint = z.infer<typeof trafficPointSchema>;

/** `step` is the length of a stretch in seconds; stretches without a packet are left out. */
export const trafficSchema = z.object({ step: z.number(), points: z.array(trafficPointSchema) });
export type Traffic = z.infer<typeof trafficSchema>;
