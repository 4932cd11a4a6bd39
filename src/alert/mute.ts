/** What the owner does not want to be told: by device, kind and other end, for a while or for good; still counted. */
import type { Alert, AlertKind } from './alert.ts';
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

const SHOWN = 10;
const MOST_RULES = 1024;

export class Mutes {
  private readonly rules = new Map<string, MuteRule>();
  private readonly hidden = new Map<string, Hidden>();

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
      (candidate) => isLive(candidate, alert.end_ts) && matches(candidate, alert),
    );
    if (!rule) return false;
    const hidden = this.hiddenBy(rule.id);
    this.hidden.set(rule.id, { count: hidden.count + 1, alerts: [alert, ...hidden.alerts].slice(0, SHOWN) });
    return true;
  }

  /** Whether any rule covers the alert as it is now. */
  covers(alert: Alert): boolean {
    return [...this.rules.values()].some((rule) => isLive(rule, alert.end_ts) && matches(rule, alert));
  }

  /** Which of these alerts the rule would hide: shown before it is set. */
  preview(rule: MuteRule, alerts: readonly Alert[]): Alert[] {
    return alerts.filter((alert) => matches(rule, alert));
  }

  /** Rules with what they have hidden, as JSON. */
  save(): unknown {
    return [...this.rules.values()].map((rule) => ({ rule, hidden: this.hiddenBy(rule.id) }));
  }

  load(state: unknown): void {
    this.rules.clear();
    this.hidden.clear();
    for (const { rule, hidden } of state as { rule: MuteRule; hidden: Hidden }[]) {
      this.rules.set(rule.id, rule);
      this.hidden.set(rule.id, hidden);
    }
  }

  private hiddenBy(id: string): Hidden {
    return this.hidden.get(id) ?? { count: 0, alerts: [] };
  }
}

const isLive = ({ until }: MuteRule, now: number): boolean => until === undefined || now < until;

export function matches({ device, kind, destination }: MuteRule, alert: Alert): boolean {
  const [own, ...others] = alert.hosts ?? [alert.address];
  if (device !== undefined && device !== own && device !== alert.address) return false;
  if (kind !== undefined && kind !== alert.kind) return false;
  return destination === undefined || others.includes(destination);
}

/** The exception that "This is expected" makes: this kind of thing, by this device, towards this other end. */
export function expectedRule(alert: Alert, id: string): MuteRule {
  const [own = alert.address, destination] = alert.hosts ?? [];
  return { id, device: own, kind: alert.kind, ...(destination ? { destination } : {}), reason: 'expected' };
}
