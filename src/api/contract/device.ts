/** The devices of the network that the live monitor watches. Times in seconds since 1970 UTC. */
import { z } from 'zod';
import { severitySchema } from './severity.ts';

export const deviceSchema = z.object({
  /** The link-layer address that it is known by; `macs` has all that belong to it. */
  mac: z.string(),
  macs: z.array(z.string()),
  /** What to call it: the owner's name, else its own, else what it is. */
  name: z.string(),
  owner_name: z.string().nullable(),
  /** What it calls itself. */
  announced_name: z.string().nullable(),
  kind: z.string(),
  /** 0 to 1; 0 for an unknown kind. */
  confidence: z.number(),
  /** Sentences that say why it is this kind. */
  evidence: z.array(z.string()),
  vendor: z.string().nullable(),
  /** Its software made the address up, so that it may change. */
  randomised: z.boolean(),
  gateway: z.boolean(),
  /** Guardian runs on it: what its own searches of the network send raises no alert. */
  self: z.boolean(),
  online: z.boolean(),
  /** The latest first. */
  ips: z.array(z.string()),
  first_seen: z.number(),
  last_seen: z.number(),
  packets: z.number(),
  bytes: z.number(),
  packets_sent: z.number(),
  bytes_sent: z.number(),
  services: z.array(z.string()),
  /** Names that it looked up. */
  lookups: z.array(z.string()),
  /** Whether it is monitored: alerts of others are kept away from the owner. */
  monitored: z.boolean(),
  /** Whether its habits are still being learned, and for how long it was watched, in seconds. */
  learning: z.boolean(),
  learned_seconds: z.number(),
  /** The worst of its open alerts, and how many there are. */
  risk: severitySchema.nullable(),
  open_alerts: z.int(),
});
export type Device = z.infer<typeof deviceSchema>;

/** Two entries that are probably one device. */
export const mergeProposalSchema = z.object({
  from: z.string(),
  into: z.string(),
  reason: z.string(),
  confidence: z.number(),
});
export type MergeProposal = z.infer<typeof mergeProposalSchema>;

export const deviceListSchema = z.object({ devices: z.array(deviceSchema), merges: z.array(mergeProposalSchema) });
export type DeviceList = z.infer<typeof deviceListSchema>;

export const deviceChangeSchema = z.strictObject({
  /** Null: by its own name again. */
  name: z.string().trim().min(1).max(64).nullable().optional(),
  monitored: z.boolean().optional(),
});
export type DeviceChange = z.infer<typeof deviceChangeSchema>;

export const deviceMergeSchema = z.strictObject({ into: z.string() });

/** What a search of the own network found. */
export const discoverySchema = z.object({
  /** arp-scan, nmap, or the sweep with the neighbour table. */
  method: z.string(),
  /** Devices that answered, and those of them that were not known. */
  answered: z.int(),
  new: z.int(),
  seconds: z.number(),
});
export type Discovery = z.infer<typeof discoverySchema>;
