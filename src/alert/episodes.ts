/**
 * Findings become episodes, and each episode one alert: it is raised at the first sign and then kept up to date, so
 * that the owner is told once and not at every twitch of it.
 */
import { createHash } from 'node:crypto';
import type { PastOfHost } from '../detector/baseline.ts';
import { type Finding, isStatistical } from '../detector/finding.ts';
import { Host } from '../feature/host.ts';
import type { Conn } from '../flow/conn.ts';
import { type Scope, scopeOf } from '../packet/address-scope.ts';
import type { Alert } from './alert.ts';
import { type EvidenceJson, fromEvidenceJson, toEvidenceJson } from './evidence-json.ts';
import { hasGrown } from './growth.ts';
import { severities } from './severity.ts';
import { kindWords, wordsOf } from './words/index.ts';

/** Quiet for this long ends an episode where its kind says nothing else; the same thing again is a new one. Seconds. */
const COOL_DOWN = 3600;
/** A rule that speaks this soon after explains what is only "unusual". */
const EXPLAINED_WITHIN = 900;
/** Nats beyond the cut that are strong evidence: a factor of twenty. */
const STRONG = 3;
const LISTED_UIDS = 100;
/** So many strangers that begin the same within so many seconds have an alert each; the others are told with the last. */
const STRANGERS = 20;
const AT_ONCE = 600;
/** Said anew when there are so many more. */
const GROWTH = 1.05;
const MOST_OF_CROWD = 65_536;
/** Episodes that are open at once; made-up addresses must not fill the memory. */
const MOST_OPEN = 1024;

/** A host as it is written down. */
interface SavedHost {
  address: string;
  scope: Scope;
  mac: string | null;
}

export interface SavedEpisode {
  finding: Omit<Finding, 'host' | 'target'> & { host: SavedHost; target: SavedHost | null };
  alert: Alert;
  host: SavedHost;
}

interface Episode {
  finding: Finding;
  alert: Alert;
  host: Host;
  target: Host | null;
  /** Nothing was known of its host when it began; and strangers that are told with this one. */
  isStranger?: boolean;
  crowd?: Set<string>;
}

export interface EpisodeOptions {
  /** Name of a device as the owner knows it. */
  nameOf?: (host: Host) => string;
  pastOf?: (host: Host, target: Host | null) => PastOfHost;
  /** True for a host of which a known house knows nothing: anybody can make such addresses up. */
  isStranger?: (host: Host) => boolean;
  onAlert: (alert: Alert) => void;
  /** Called at every further sign of an episode: its end moves, and its words when they say more. */
  onUpdate?: (alert: Alert) => void;
  /** A connection was listed with the alert. */
  onFlow?: (alert: Alert, conn: Conn) => void;
}

export class Episodes {
  private readonly options: EpisodeOptions;
  private open: Episode[] = [];

  constructor(options: EpisodeOptions) {
    this.options = options;
  }

  /** Takes a finding; raises an alert for it, or adds it to the episode that it belongs to. Gives the episode's alert. */
  add(finding: Finding): Alert {
    this.open = this.open.filter(
      ({ finding: { kind }, alert }) => finding.ts - alert.end_ts <= (kindWords(kind).coolDown ?? COOL_DOWN),
    );
    const episode = this.open.find((candidate) => belongs(candidate, finding));
    if (episode) {
      this.extend(episode, finding);
      return episode.alert;
    }
    const crowd = this.crowdOf(finding);
    if (crowd !== null) {
      this.join(crowd, finding);
      return crowd.alert;
    }
    const alert = { id: idOf(finding), ...this.write(finding, finding.since, finding.ts) };
    if (this.open.length >= MOST_OPEN) this.open.shift();
    const { host, target } = finding;
    this.open.push({ finding, alert, host, target, isStranger: this.options.isStranger?.(host) === true });
    this.options.onAlert(alert);
    return alert;
  }

  /** Alerts of the episodes that are not over yet. */
  get alerts(): Alert[] {
    return this.open.map(({ alert }) => alert);
  }

  /** Open episodes as JSON: what goes on after a restart is not told again. */
  save(): SavedEpisode[] {
    return this.open.map(({ finding, alert, host }) => ({
      finding: { ...finding, host: saveHost(finding.host), target: finding.target && saveHost(finding.target) },
      alert,
      host: saveHost(host),
    }));
  }

  load(state: readonly SavedEpisode[]): void {
    this.open = state.slice(-MOST_OPEN).map(({ finding, alert, host }) => {
      const target = finding.target && loadHost(finding.target);
      // States of before have what stands out among the evidence.
      const numbers = finding.deviations ? {} : fromEvidenceJson(finding.evidence as EvidenceJson);
      const whole = { ...finding, ...numbers, host: loadHost(finding.host), target } as Finding;
      return { finding: whole, alert, host: loadHost(host), target };
    });
  }

  /** Takes up alerts that were told, from what they say; those of episodes that are open already are left alone. */
  resume(alerts: readonly Alert[]): void {
    const known = new Set(this.open.map(({ alert }) => alert.id));
    for (const alert of alerts) {
      if (alert.id === undefined || known.has(alert.id) || this.open.length >= MOST_OPEN) continue;
      this.open.push(reopen(alert));
    }
  }

  forget(address: string): void {
    this.open = this.open.filter(({ host, target }) => host.address !== address && target?.address !== address);
  }

  /** A connection that ended: listed with the alerts that its ends are part of. */
  conn(conn: Conn): void {
    for (const { alert, host, target } of this.open) {
      if ((conn.ts ?? 0) + (conn.duration ?? 0) < alert.ts || (conn.ts ?? 0) > alert.end_ts) continue;
      const ends = [conn.id_orig_h, conn.id_resp_h];
      if (!ends.includes(host.address) || (target && !ends.includes(target.address))) continue;
      alert.flows++;
      if (alert.uids.length >= LISTED_UIDS) continue;
      alert.uids.push(conn.uid);
      this.options.onFlow?.(alert, conn);
    }
  }

  /** The last of many strangers that do the same; null where the host is known, or they are few. */
  private crowdOf({ host, kind, ts }: Finding): Episode | null {
    if (this.open.length < STRANGERS || this.options.isStranger?.(host) !== true) return null;
    const alike = this.open.filter(
      (episode) =>
        episode.finding.kind === kind &&
        episode.isStranger === true &&
        ts - (episode.alert.raised_ts ?? episode.alert.ts) <= AT_ONCE,
    );
    const full = this.open.findLast((episode) => episode.crowd !== undefined && episode.finding.kind === kind);
    return full ?? (alike.length >= STRANGERS ? alike.at(-1)! : null);
  }

  private join(episode: Episode, { host, ts }: Finding): void {
    episode.crowd ??= new Set();
    const before = episode.crowd.size;
    if (before < MOST_OF_CROWD) episode.crowd.add(host.address);
    const { alert } = episode;
    alert.end_ts = Math.max(alert.end_ts, ts);
    const others = episode.crowd.size;
    // A word for each would cost more than it says.
    if (others === before || (others > STRANGERS && others < GROWTH * (episode.finding.others ?? 0))) return;
    episode.finding = { ...episode.finding, others };
    const { uids, flows, raised_ts, end_ts } = alert;
    const words = this.write(episode.finding, alert.ts, end_ts);
    Object.assign(alert, words, { uids, flows, raised_ts, end_ts });
    this.options.onUpdate?.(alert);
  }

  private extend(episode: Episode, finding: Finding): void {
    const { alert } = episode;
    const { finding: told } = episode;
    const stronger = finding.kind === told.kind && finding.strength > told.strength + 1;
    if (tellingOf(finding) > tellingOf(told) || stronger || hasGrown(told, finding)) {
      const { uids, flows, raised_ts, end_ts } = alert;
      // It does not get better by going on.
      const strength = finding.kind === told.kind ? Math.max(finding.strength, told.strength) : finding.strength;
      episode.target = finding.target;
      const { others } = told;
      episode.finding = { ...finding, strength, ...(others !== undefined && { others }) };
      const words = this.write(episode.finding, Math.min(alert.ts, finding.since), finding.ts);
      Object.assign(alert, words, { uids, flows, raised_ts, end_ts });
    }
    alert.end_ts = Math.max(alert.end_ts, finding.ts);
    this.options.onUpdate?.(alert);
  }

  private write(finding: Finding, since: number, ts: number): Alert {
    const { host, target, kind, detector, strength } = finding;
    const nameOf = this.options.nameOf ?? ((other: Host) => other.address);
    const name = nameOf(host);
    const past = this.options.pastOf?.(host, target) ?? { seconds: 0, addresses: 0 };
    const gravity =
      severities.indexOf(detector === 'block-list' ? 'High' : kindWords(kind).severity) + (strength > STRONG ? 1 : 0);
    return {
      kind,
      severity: severities[Math.min(gravity, severities.length - 1)],
      // At the cut it is as likely as not to be what it is called; evidence adds up in nats.
      confidence: Number((1 / (1 + Math.exp(-1 - strength))).toFixed(2)),
      device: name,
      address: host.mac ?? host.address,
      hosts: target ? [host.address, target.address] : [host.address],
      ts: since,
      end_ts: ts,
      raised_ts: ts,
      told_ts: ts,
      ...wordsOf(finding, { name, target: target ? nameOf(target) : 'several devices', past }),
      detector,
      evidence: toEvidenceJson(finding),
      uids: [],
      flows: 0,
    };
  }
}

/** Who, what, to whom and when say which episode it is, so the same traffic gives the same ids. */
const idOf = ({ host, kind, target, ts }: Finding): string =>
  createHash('sha256').update([host.address, kind, target?.address, ts].join(' ')).digest('hex').slice(0, 16);

const saveHost = ({ address, scope, mac }: Host): SavedHost => ({ address, scope, mac });

function loadHost({ address, scope, mac }: SavedHost): Host {
  const host = new Host(0, address, scope);
  host.mac = mac;
  return host;
}

/** The episode behind an alert, as far as it has to be known to tell whether a finding belongs to it. */
function reopen(alert: Alert): Episode {
  const { kind, detector, ts, end_ts, confidence } = alert;
  const [own = alert.address, other] = alert.hosts ?? [];
  const host = loadHost({ address: own, scope: scopeOf(own), mac: alert.address === own ? null : alert.address });
  const target = other === undefined ? null : loadHost({ address: other, scope: scopeOf(other), mac: null });
  // The confidence says how strong it was, to two digits.
  const strength = -1 - Math.log(1 / Math.min(0.99, confidence) - 1);
  const finding = {
    kind,
    detector,
    host,
    target,
    ts: end_ts,
    since: ts,
    strength,
    ...fromEvidenceJson(alert.evidence),
  };
  return { finding: finding as unknown as Finding, alert, host, target };
}

/** The same kind by the same host; or another sign of it between the same two ends, or of something host-wide. */
function belongs(episode: Episode, finding: Finding): boolean {
  if (episode.host.address !== finding.host.address) return false;
  const [own, other] = [episode.finding.kind, finding.kind];
  if (own === 'new-device' || other === 'new-device') return own === other;
  // Rationed by device and hour already, and explained by any rule that speaks as well.
  if (isStatistical(other)) {
    return isStatistical(own) ? 'continues' in finding.evidence && finding.evidence.continues === 1 : own !== 'silence';
  }
  if (isStatistical(own)) return finding.ts - episode.alert.end_ts <= EXPLAINED_WITHIN;
  const sameTarget = episode.target?.address === finding.target?.address;
  // One program that reports to several servers does so by one clock.
  if (own === 'beacon' && other === 'beacon' && sameClock(episode.finding, finding)) return true;
  if (own === other) return sameTarget || episode.target === null || finding.target === null || own === 'scan';
  return sameTarget || (own === 'scan' && episode.target === null && tellingOf(episode.finding) > tellingOf(finding));
}

function sameClock({ evidence: one }: Finding, { evidence: other }: Finding): boolean {
  if (!('period' in one && 'period' in other)) return false;
  return Math.abs(Math.log(one.period! / other.period!)) < 0.2;
}

const tellingOf = ({ kind }: Finding): number => kindWords(kind).telling;
