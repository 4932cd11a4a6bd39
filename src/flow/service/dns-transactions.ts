import { type DnsMessage, dnsRcodeName, dnsTypeName } from '../../packet/layers/application/dns.ts';
import type { AppRecord, DnsTransaction } from '../app-record.ts';
import type { ConnectionReporter } from '../table/connection-reporter.ts';

/** Unanswered queries kept for one connection, and for all. */
const MAXIMUM_PENDING = 32;
const MAXIMUM_OF_ALL = 8192;

interface Pending {
  ts: number;
  proto: 'tcp' | 'udp';
  id: number;
  message: DnsMessage;
}

/** Pairs DNS queries with their responses within a connection, as Zeek's dns.log does. */
export class DnsTransactions {
  readonly #reporter: ConnectionReporter;
  readonly #onApp: (record: AppRecord) => void;
  readonly #pending = new Map<number, Pending[]>();
  #count = 0;

  constructor(reporter: ConnectionReporter, onApp: (record: AppRecord) => void) {
    this.#reporter = reporter;
    this.#onApp = onApp;
  }

  /** `id` is the transaction's; that of `message`, which may stand for others that say the same, is not looked at. */
  message(slot: number, ts: number, proto: 'tcp' | 'udp', id: number, message: DnsMessage): void {
    if (!message.isResponse) {
      this.#ask(slot, { ts, proto, id, message });
      return;
    }
    const query = this.#answered(slot, id);
    // Captures have microseconds; what a difference of two such times has behind them is noise.
    const rtt = query === null ? null : Math.round((ts - query.ts) * 1e6) / 1e6;
    this.#emit(slot, query?.ts ?? ts, rtt, proto, id, query?.message ?? message, message);
  }

  /** Takes the query that a response belongs to. */
  #answered(slot: number, id: number): Pending | null {
    const list = this.#pending.get(slot);
    const at = list === undefined ? -1 : list.findIndex((query) => query.id === id);
    if (list === undefined || at < 0) return null;
    const query = list[at];
    this.#count--;
    if (list.length === 1) this.#pending.delete(slot);
    else list.splice(at, 1);
    return query;
  }

  close(slot: number): void {
    const list = this.#pending.get(slot);
    if (list === undefined) return;
    this.#pending.delete(slot);
    this.#count -= list.length;
    for (const query of list) this.#emit(slot, query.ts, null, query.proto, query.id, query.message, null);
  }

  #ask(slot: number, query: Pending): void {
    const list = this.#pending.get(slot);
    // A query sent again is the same one.
    if (list?.some((other) => other.id === query.id)) return;
    if ((list !== undefined && list.length >= MAXIMUM_PENDING) || this.#count >= MAXIMUM_OF_ALL) {
      this.#emit(slot, query.ts, null, query.proto, query.id, query.message, null);
      return;
    }
    this.#count++;
    if (list === undefined) this.#pending.set(slot, [query]);
    else list.push(query);
  }

  #emit(
    slot: number,
    ts: number,
    rtt: number | null,
    proto: 'tcp' | 'udp',
    id: number,
    query: DnsMessage,
    response: DnsMessage | null,
  ): void {
    const question = query.questions[0] ?? null;
    const answers = response?.answers ?? [];
    // Field by field: spreading costs more than all of it.
    const { uid, id_orig_h, id_orig_p, id_resp_h, id_resp_p } = this.#reporter.connectionId(slot);
    const record: DnsTransaction = {
      kind: 'dns',
      ts,
      uid,
      id_orig_h,
      id_orig_p,
      id_resp_h,
      id_resp_p,
      proto,
      trans_id: id,
      rtt,
      query: question?.name ?? null,
      qtype: question?.type ?? null,
      qtype_name: question === null ? null : dnsTypeName(question.type),
      rcode: response?.rcode ?? null,
      rcode_name: response === null ? null : dnsRcodeName(response.rcode),
      AA: response?.authoritative ?? false,
      TC: response?.truncated ?? false,
      RD: query.recursionDesired,
      RA: response?.recursionAvailable ?? false,
      answers: answers.map((answer) => answer.data),
      TTLs: answers.map((answer) => answer.ttl),
      rejected: response !== null && response.rcode !== 0 && answers.length === 0 && response.questions.length === 0,
    };
    this.#onApp(record);
  }
}
