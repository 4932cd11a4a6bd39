import { type DnsMessage, dnsRcodeName, dnsTypeName } from '../packet/layers/dns.ts';
import type { AppRecord, DnsTransaction } from './app-record.ts';
import type { ConnectionReporter } from './connection-reporter.ts';

/** Unanswered queries kept for one connection, and for all. */
const MAXIMUM_PENDING = 32;
const MAXIMUM_OF_ALL = 8192;

interface Pending {
  ts: number;
  proto: 'tcp' | 'udp';
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

  message(slot: number, ts: number, proto: 'tcp' | 'udp', message: DnsMessage): void {
    if (!message.isResponse) {
      this.#ask(slot, { ts, proto, message });
      return;
    }
    const list = this.#pending.get(slot) ?? [];
    const at = list.findIndex((query) => query.message.id === message.id);
    const query = at < 0 ? null : list[at];
    if (query !== null) {
      list.splice(at, 1);
      this.#count--;
      if (list.length === 0) this.#pending.delete(slot);
    }
    this.#emit(slot, query?.ts ?? ts, query === null ? null : ts - query.ts, proto, query?.message ?? message, message);
  }

  close(slot: number): void {
    const list = this.#pending.get(slot);
    if (list === undefined) return;
    this.#pending.delete(slot);
    this.#count -= list.length;
    for (const query of list) this.#emit(slot, query.ts, null, query.proto, query.message, null);
  }

  #ask(slot: number, query: Pending): void {
    const list = this.#pending.get(slot) ?? [];
    // A query sent again is the same one.
    if (list.some((other) => other.message.id === query.message.id)) return;
    if (list.length >= MAXIMUM_PENDING || this.#count >= MAXIMUM_OF_ALL) {
      this.#emit(slot, query.ts, null, query.proto, query.message, null);
      return;
    }
    list.push(query);
    this.#count++;
    this.#pending.set(slot, list);
  }

  #emit(
    slot: number,
    ts: number,
    rtt: number | null,
    proto: 'tcp' | 'udp',
    query: DnsMessage,
    response: DnsMessage | null,
  ): void {
    const question = query.questions[0] ?? null;
    const answers = response?.answers ?? [];
    const record: DnsTransaction = {
      kind: 'dns',
      ts,
      ...this.#reporter.connectionId(slot),
      proto,
      trans_id: query.id,
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
