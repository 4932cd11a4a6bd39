/** Alerts of the live monitor in the store, and as they go over the wire. */

import type { Alert } from '../../alert/alert.ts';
import { toAlertJson } from '../../alert/alert-json.ts';
import { type Severity, severities } from '../../alert/severity.ts';
import type { AlertStatus } from '../../alert/status.ts';
import { port } from '../../alert/words/phrase.ts';
import type { AlertFlow, AlertReport, LiveAlert } from '../../api/contract.ts';
import { AppError } from '../../errors.ts';
import type { Conn } from '../../flow/conn.ts';
import type { AlertQuery, StoredAlert } from '../../store/live/alert.ts';
import type { StoredLive } from '../../store/live/index.ts';
import type { Risk } from './devices.ts';
import { type OwnersName, withOwnersNames } from './owner-names.ts';

export class AlertRepository {
  readonly #store: StoredLive['alerts'];
  readonly #nameOf: OwnersName;

  constructor(store: StoredLive['alerts'], nameOf: OwnersName) {
    this.#store = store;
    this.#nameOf = nameOf;
  }

  /** Keeps what the detectors say of an episode. */
  async tell(alert: Alert, mac: string | null): Promise<{ alert: LiveAlert; isNew: boolean }> {
    const { id: episode = '', ...body } = alert;
    const told = {
      episode,
      kind: alert.kind,
      severity: alert.severity,
      mac,
      hosts: ` ${(alert.hosts ?? [alert.address]).join(' ')} `,
      raised: alert.raised_ts ?? alert.end_ts,
      updated: alert.end_ts,
      body: JSON.stringify(body),
    };
    const { id, status, isNew } = await this.#store.tell(told);
    return { alert: this.#toLive({ ...told, id, status }), isNew };
  }

  async addFlows(flows: readonly { episode: string; conn: Conn }[]): Promise<void> {
    const byEpisode = Map.groupBy(flows, ({ episode }) => episode);
    for (const [episode, own] of byEpisode) {
      const rows = own.map(({ conn }) => ({ uid: conn.uid, body: JSON.stringify(toFlow(conn)) }));
      await this.#store.addFlows(episode, rows);
    }
  }

  async list(query: AlertQuery): Promise<LiveAlert[]> {
    return (await this.#store.list(query)).map((row) => this.#toLive(row));
  }

  /** Alerts whose episodes may still go on, as the detectors know them. */
  async recent(since: number, limit: number): Promise<Alert[]> {
    return (await this.#store.list({ since, limit })).map(({ episode, body }) => ({ ...parse(body), id: episode }));
  }

  /** Rejects with AppError `alert_not_found`. */
  async report(id: number): Promise<AlertReport> {
    const flows = (await this.#store.flows(id)).map(({ body }) => JSON.parse(body) as StoredFlow);
    const connections = flows.sort((a, b) => (a.ts ?? 0) - (b.ts ?? 0)).map(withServiceName);
    const live = this.#toLive(await this.#find(id));
    // A connection may have ended after the alert was written last: one count for the page.
    return { ...live, flows: Math.max(live.flows, connections.length), connections };
  }

  /** The alert as the detectors know it. Rejects with AppError `alert_not_found`. */
  async original(id: number): Promise<Alert> {
    const { episode, body } = await this.#find(id);
    return { ...parse(body), id: episode };
  }

  /** Rejects with AppError `alert_not_found`. */
  async setStatus(id: number, status: AlertStatus): Promise<LiveAlert> {
    const row = await this.#store.setStatus(id, status);
    if (!row) throw new AppError('alert_not_found', {});
    return this.#toLive(row);
  }

  /** Open alerts by device. */
  async risks(): Promise<{ byDevice: Map<string, Risk>; open: number }> {
    const byDevice = new Map<string, Risk>();
    let open = 0;
    for (const { mac, severity, count } of await this.#store.open()) {
      open += count;
      if (mac === null) continue;
      const known = byDevice.get(mac);
      const worst = worse(known?.severity, severity as Severity);
      byDevice.set(mac, { severity: worst, count: (known?.count ?? 0) + count });
    }
    return { byDevice, open };
  }

  #toLive({ id, status, mac, raised, updated, body }: StoredAlert): LiveAlert {
    const { hosts = [], raised_ts: _raised, id: _episode, ...alert } = toAlertJson(parse(body));
    const live = { ...alert, id, status, mac, raised_ts: raised, updated_ts: updated, hosts };
    return withOwnersNames(live, mac, this.#nameOf);
  }

  async #find(id: number): Promise<StoredAlert> {
    const row = await this.#store.alert(id);
    if (!row) throw new AppError('alert_not_found', {});
    return row;
  }
}

/** As it is kept; what a port is called may change with a version. */
type StoredFlow = Omit<AlertFlow, 'resp_port_text'>;

const withServiceName = (flow: StoredFlow): AlertFlow => ({
  ...flow,
  resp_port_text: flow.proto === 'icmp' ? null : port(flow.id_resp_p),
});

const parse = (body: string): Alert => JSON.parse(body) as Alert;

const worse = (one: Severity | undefined, other: Severity): Severity =>
  one !== undefined && severities.indexOf(one) >= severities.indexOf(other) ? one : other;

/** What a record leaves open becomes empty: only one of a log that names no addresses does. */
function toFlow(conn: Conn): StoredFlow {
  const { uid, ts, service, duration, orig_bytes, resp_bytes, history } = conn;
  return {
    ...{ uid, ts, service, duration, orig_bytes, resp_bytes, history },
    id_orig_h: conn.id_orig_h ?? '',
    id_orig_p: conn.id_orig_p ?? 0,
    id_resp_h: conn.id_resp_h ?? '',
    id_resp_p: conn.id_resp_p ?? 0,
    proto: conn.proto ?? '',
    conn_state: conn.conn_state ?? 'OTH',
    orig_pkts: conn.orig_pkts ?? 0,
    resp_pkts: conn.resp_pkts ?? 0,
  };
}
