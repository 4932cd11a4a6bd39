/** What a kind of attack is: its options, which alerts name it rightly, and what it sends. */
import { z } from 'zod';
import { Actor } from '../engine/actor.ts';
import type { Home } from '../engine/home.ts';
import type { Host, Remote } from '../engine/host.ts';
import type { Random } from '../engine/random.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { formatIp, formatMac } from '../wire/address.ts';

/** What every attack understands. */
export const commonOptions = {
  /** Seconds after the start; by default the attacks are spread over the capture. */
  at: z.coerce.number().nonnegative().optional(),
  /** The attacking machine: a device's name or kind, or `intruder` for one that joins the network for it. */
  from: z.string().optional(),
};

/** Alert kinds of the evaluation. */
export type AlertKind =
  | 'scan'
  | 'brute-force'
  | 'beacon'
  | 'flood'
  | 'slow-dos'
  | 'exfiltration'
  | 'spoofing'
  | 'protocol-abuse'
  | 'dns-tunnel'
  | 'icmp-tunnel'
  | 'remote-control'
  | 'generated-names'
  | 'rate'
  | 'sequence'
  | 'rhythm'
  | 'silence';

export interface AttackKind<S extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  readonly options: S;
  /** Kinds of device that it comes from, the first that the home has. */
  readonly attackers: readonly string[] | ((options: z.output<S>) => readonly string[]);
  /** Alert kinds that name it rightly. */
  accepts(options: z.output<S>): readonly AlertKind[];
  /** Variant for the label file, such as `scan-telnet`. */
  detail(options: z.output<S>): string;
  run(attack: Attack<z.output<S>>): Process;
}

export function defineAttack<S extends z.ZodObject>(kind: AttackKind<S>): AttackKind<S> {
  return kind;
}

/** The truth about one attack. Times in microseconds since 1970; NaN until its first frame. */
export interface Episode {
  readonly kind: string;
  readonly detail: string;
  readonly kinds: readonly AlertKind[];
  onset: number;
  end: number;
  readonly hosts: Set<string>;
}

/** One attack under way: the compromised machine acting, and what it is told to do. */
export class Attack<O> extends Actor {
  readonly options: O;
  readonly episode: Episode;

  constructor(
    home: Home,
    host: Host,
    random: Random,
    options: O,
    detail: string,
    kind: string,
    kinds: readonly AlertKind[],
  ) {
    const episode: Episode = { kind, detail, kinds, onset: Number.NaN, end: Number.NaN, hosts: new Set() };
    const onFrame = (ts: number): void => {
      if (Number.isNaN(episode.onset)) episode.onset = ts;
      episode.end = ts;
    };
    super(home, host, { label: 'malicious', detail, device: host.name, onFrame }, random);
    this.options = options;
    this.episode = episode;
    this.involve(host);
  }

  /** Counts a machine of the home among those that an alert may rightly name. */
  involve(host: Remote): void {
    this.episode.hosts.add(formatIp(host.v4.ip));
  }

  /** Attacks outlive what the device itself does. */
  override spawn(process: Process, delaySeconds = 0): void {
    this.home.simulation.spawn(this, process, delaySeconds * SECOND);
  }

  /** It shows by its link-layer address alone: the IP address in its frames is somebody else's. */
  nameByMac(): void {
    this.episode.hosts.add(formatMac(this.host.mac));
  }

  /** A device by name or kind other than the attacker, by default the first of the given kinds, else the router. */
  target(wanted: string | undefined, preferred: readonly string[]): Host {
    // Those that are in the network first: an attacker has looked.
    const others = [...this.home.hosts, this.home.router]
      .filter((host) => host !== this.host)
      .sort((a, b) => Number(b.up) - Number(a.up));
    const found =
      wanted === undefined
        ? preferred.map((kind) => others.find((host) => host.kind === kind)).find((host) => host !== undefined)
        : others.find((host) => host.name === wanted || host.kind === wanted);
    const target = found ?? this.home.router;
    this.involve(target);
    return target;
  }

  /** A machine somewhere on the Internet, of the attacker's choosing. */
  outside(answer: 'open' | 'closed' | 'silent' = 'open'): Remote {
    return this.home.internet.machine(publicAddress(this.random), { answers: () => answer });
  }
}

/** Any unicast address that is not reserved, private or the documentation's. */
export function publicAddress(random: Random): Uint8Array {
  for (;;) {
    const ip = Uint8Array.of(random.int(1, 223), random.int(0, 255), random.int(0, 255), random.int(1, 254));
    const [a, b] = [ip[0]!, ip[1]!];
    const reserved =
      a === 10 ||
      a === 127 ||
      (a === 100 && b >= 64 && b < 128) ||
      (a === 169 && b === 254) ||
      (a === 172 && b >= 16 && b < 32) ||
      (a === 192 && (b === 168 || b === 0)) ||
      (a === 198 && (b === 18 || b === 19));
    if (!reserved) return ip;
  }
}
