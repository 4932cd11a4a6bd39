/** What the owner does not want to be told: by device, kind and other end, for a while or for good; still counted. */
import type { Alert, AlertKind } from './alert.ts';
import { type Severity, severityRank } from './severity.ts';
import type { AlertStatus } from './status.ts';

export interface MuteRule {
  id: string;
  /** Address or link-layer address of the device; any where it is missing. */
  device?: string;
  kind?: AlertKind;
  /** Address of the other end. */
  destination?: string;
  /** Seconds since 1970; for good where it is missing. */
  until?: number;
  /**
   * Of "expected": how bad it was, and how far it went, when the owner said so. What is worse, or goes much further, is
   * told all the same. Exceptions of earlier versions have no such bound.
   */
  up_to?: { severity: Severity; width: Record<string, number> };
  /** "expected": the owner said that this is how it should be. "muted": just not now. */
  reason: 'expected' | 'muted';
  /** Of "expected": the number of the alert that it was said of, how that stood before, and what the word has changed. */
  said?: {
    alert: number;
    status: AlertStatus;
    points: number;
    usual_per_week: { before: number; after: number } | null;
  };
}

/** What a rule has hidden so far. */
export interface Hidden {
  count: number;
  /** The newest, ten at most. */
  alerts: Alert[];
}

export interface SavedMute {
  rule: MuteRule;
  hidden: Hidden;
}

const SHOWN = 10;
/** No more are kept, here and by whoever lists them. */
export const MOST_RULES = 4096;

/** Whether the alert is about the device that a rule names. */
export type IsDevice = (device: string, alert: Pick<Alert, 'hosts' | 'address'>) => boolean;

/** By the addresses that the alert itself has. */
export const hasAddress: IsDevice = (device, { hosts, address }) =>
  device === (hosts?.[0] ?? address) || device === address;

export class Mutes {
  private readonly isDevice: IsDevice;
  private readonly rules = new Map<string, MuteRule>();
  private readonly hidden = new Map<string, Hidden>();

  constructor(isDevice: IsDevice = hasAddress) {
    this.isDevice = isDevice;
  }

  /** A rule of the same id is replaced. Of too many, the one goes that ends first, else the oldest. */
  add(rule: MuteRule): void {
    this.rules.set(rule.id, rule);
    if (this.rules.size <= MOST_RULES) return;
    const others = [...this.rules.values()].filter(({ id }) => id !== rule.id);
    const first = others.reduce((a, b) =>
      (b.until ?? Number.POSITIVE_INFINITY) < (a.until ?? Number.POSITIVE_INFINITY) ? b : a,
    );
    this.remove(first.id);
  }

  remove(id: string): boolean {
    this.hidden.delete(id);
    return this.rules.delete(id);
  }

  list(now: number): (MuteRule & { hidden: Hidden })[] {
    return [...this.rules.values()]
      .filter((rule) => isLive(rule, now))
      .map((rule) => ({ ...rule, hidden: this.hiddenBy(rule.id) }));
  }

  /** True where a rule hides the alert; it is kept with the rule. */
  hides(alert: Alert): boolean {
    const rule = [...this.rules.values()].find(
      (candidate) => isLive(candidate, alert.end_ts) && matches(candidate, alert, this.isDevice),
    );
    if (!rule) return false;
    const hidden = this.hiddenBy(rule.id);
    this.hidden.set(rule.id, { count: hidden.count + 1, alerts: [alert, ...hidden.alerts].slice(0, SHOWN) });
    return true;
  }

  /**
   * Notes that an alert of which the owner said "expected" goes on, or comes again within its episode. The exception keeps
   * it once for each episode, as it is now.
   */
  repeats(alert: Alert): void {
    const rule = [...this.rules.values()].find(
      (one) => one.reason === 'expected' && isLive(one, alert.end_ts) && matches(one, alert, this.isDevice),
    );
    if (!rule) return;
    const { count, alerts } = this.hiddenBy(rule.id);
    const others = alerts.filter(({ id }) => id === undefined || id !== alert.id);
    const isNew = others.length === alerts.length;
    this.hidden.set(rule.id, { count: count + (isNew ? 1 : 0), alerts: [{ ...alert }, ...others].slice(0, SHOWN) });
  }

  /** Whether any rule covers the alert as it is now. */
  covers(alert: Alert): boolean {
    return [...this.rules.values()].some((rule) => isLive(rule, alert.end_ts) && matches(rule, alert, this.isDevice));
  }

  /** Which of these alerts the rule would hide: shown before it is set. */
  preview(rule: MuteRule, alerts: readonly Alert[]): Alert[] {
    return alerts.filter((alert) => matches(rule, alert, this.isDevice));
  }

  /** Rules with what they have hidden, as JSON. */
  save(): SavedMute[] {
    return [...this.rules.values()].map((rule) => ({ rule, hidden: this.hiddenBy(rule.id) }));
  }

  load(state: readonly SavedMute[]): void {
    this.rules.clear();
    this.hidden.clear();
    for (const { rule, hidden } of state) {
      this.rules.set(rule.id, rule);
      this.hidden.set(rule.id, hidden);
    }
  }

  private hiddenBy(id: string): Hidden {
    return this.hidden.get(id) ?? { count: 0, alerts: [] };
  }
}

const isLive = ({ until }: MuteRule, now: number): boolean => until === undefined || now < until;

export function matches(rule: MuteRule, alert: Alert, isDevice: IsDevice = hasAddress): boolean {
  const { device, kind, destination } = rule;
  const [, ...others] = alert.hosts ?? [alert.address];
  if (device !== undefined && !isDevice(device, alert)) return false;
  if (kind !== undefined && kind !== alert.kind) return false;
  if (exceeds(rule, alert)) return false;
  return destination === undefined || others.includes(destination);
}

/** Numbers of an alert that say how far it goes; those that only say for how long are not among them. */
const WIDTHS = [
  ...['addresses', 'ports', 'attempts', 'callers', 'connections', 'packets', 'open', 'messages'],
  ...['names', 'bytes', 'bytes_out', 'claims'],
];
/** What goes on for long grows by itself: only what goes much further is another matter. */
export const MUCH_FURTHER = 4;

/** Whether it is worse, or goes much further, than what the owner has called expected. */
export function exceeds({ up_to }: MuteRule, { severity, evidence }: Pick<Alert, 'severity' | 'evidence'>): boolean {
  if (up_to === undefined) return false;
  if (severityRank(severity) > severityRank(up_to.severity)) return true;
  return Object.entries(up_to.width).some(
    ([name, width]) => width > 0 && Number(evidence[name]) > MUCH_FURTHER * width,
  );
}

/** How far "This is expected" goes, as the owner chooses it. */
export interface ExpectScope {
  /** Towards any other end, not only that of the alert. */
  anywhere?: boolean;
  /** Seconds since 1970; for good where it is missing. */
  until?: number;
}

/**
 * The exception that "This is expected" makes: this kind of thing, by this device, towards this other end, no worse and
 * not much further than now.
 * @param mac link-layer address of the device where it is known: an IP address may be another's tomorrow
 */
export function expectedRule(
  alert: Alert,
  id: string,
  mac: string | null = null,
  { anywhere = false, until }: ExpectScope = {},
): MuteRule {
  const [own = alert.address, other] = alert.hosts ?? [];
  const destination = anywhere ? undefined : other;
  const { kind, severity, evidence } = alert;
  const width = Object.fromEntries(
    WIDTHS.flatMap((name) => (typeof evidence[name] === 'number' ? [[name, evidence[name]]] : [])),
  );
  const scope = {
    device: mac ?? own,
    kind,
    ...(destination && { destination }),
    ...(until !== undefined && { until }),
  };
  return { id, ...scope, up_to: { severity, width }, reason: 'expected' };
}
