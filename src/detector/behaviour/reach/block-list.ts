/** Addresses and names on the owner's own lists. Guardian ships none. */
import type { Host } from '../../../feature/host.ts';
import { isInside, type Network, parseAddress, parseNetwork } from '../../../packet/address.ts';
import { DNS_PORT, parseDns } from '../../../packet/layers/application/dns.ts';
import { PROTO_UDP } from '../../../packet/packet.ts';
import type { Behaviour, Context } from '../behaviour.ts';

const COMMENT = /(?<!\s)\s*[#;!].*$/;
/** Hosts files map unwanted names to nowhere. */
const NOWHERE = new Set(['0.0.0.0', '127.0.0.1', '::', '::1', '255.255.255.255', 'fe80::1%lo0']);
const NO_NAME = new Set([
  'localhost',
  'localhost.localdomain',
  'local',
  'broadcasthost',
  'ip6-localhost',
  'ip6-loopback',
]);

/** What one file says. A line is an address, a network (10.0.0.0/8), a name, or a line of a hosts file. */
export class BlockList {
  readonly source: string;
  private readonly addresses = new Set<string>();
  private readonly networks: Network[] = [];
  private readonly names = new Set<string>();
  /** Lines that are none of these, first ten. */
  readonly refused: { line: number; text: string }[] = [];

  constructor(source: string, text: string) {
    this.source = source;
    text.split(/\r?\n/).forEach((raw, i) => {
      const line = raw.replace(COMMENT, '').trim();
      if (line !== '' && !this.read(line) && this.refused.length < 10) this.refused.push({ line: i + 1, text: line });
    });
  }

  get size(): number {
    return this.addresses.size + this.networks.length + this.names.size;
  }

  private read(line: string): boolean {
    const words = line.split(/\s+/);
    if (words.length > 1) {
      // A hosts file: the address says where to, the names are what is unwanted.
      if (!NOWHERE.has(words[0])) return false;
      for (const name of words.slice(1)) if (!NO_NAME.has(name)) this.names.add(name.toLowerCase());
      return true;
    }
    if (parseAddress(line)) this.addresses.add(line.toLowerCase());
    else if (line.includes('/')) {
      const network = parseNetwork(line);
      if (network === null) return false;
      this.networks.push(network);
    } else if (/^(\*\.)?[\w-]+(\.[\w-]+)+\.?$/.test(line))
      this.names.add(line.replace(/^\*\./, '').replace(/\.$/, '').toLowerCase());
    else return false;
    return true;
  }

  hasAddress(address: string): boolean {
    if (this.addresses.has(address)) return true;
    if (this.networks.length === 0) return false;
    const parsed = parseAddress(address);
    return parsed !== null && isInside(this.networks, parsed.words, 0);
  }

  /** The name itself, or any domain above it. */
  hasName(name: string): boolean {
    for (let rest = name; rest.includes('.'); rest = rest.slice(rest.indexOf('.') + 1)) {
      if (this.names.has(rest)) return true;
    }
    return false;
  }
}

/** Lists that can be exchanged while it runs. */
export interface BlockLists {
  lists: readonly BlockList[];
}

export function createBlockListRule(lists: BlockLists): Behaviour {
  /** Hosts that were looked up, so that a list is searched once per address. */
  const checked = new WeakMap<Host, { lists: readonly BlockList[]; source: string | null }>();

  function sourceOf(host: Host): string | null {
    const known = checked.get(host);
    if (known?.lists === lists.lists) return known.source;
    const source = lists.lists.find((list) => list.hasAddress(host.address))?.source ?? null;
    checked.set(host, { lists: lists.lists, source });
    return source;
  }

  function report(host: Host, target: Host | null, what: string, source: string, context: Context): void {
    context.report({
      kind: 'new-destination',
      detector: 'block-list',
      host,
      target,
      ts: context.ts,
      since: context.ts,
      strength: 0,
      evidence: { listed: what, list: source },
    });
  }

  return {
    name: 'block-list',
    needsNoTime: true,
    start({ channel: { orig, resp } }, context) {
      if (lists.lists.length === 0) return;
      for (const [host, other] of [
        [orig, resp],
        [resp, orig],
      ]) {
        const source = host.scope === 'local' ? sourceOf(other) : null;
        if (source !== null) report(host, other, other.address, source, context);
      }
    },
    packet(packet, step, context) {
      if (lists.lists.length === 0 || packet.proto !== PROTO_UDP || step.direction !== 0) return;
      const { orig, port } = step.link.channel;
      if (port !== DNS_PORT || packet.payloadCaptured === 0) return;
      const { bytes, payloadOffset, payloadCaptured } = packet;
      const name = parseDns(bytes, payloadOffset, payloadOffset + payloadCaptured)?.questions[0]?.name.toLowerCase();
      const list = name && lists.lists.find((candidate) => candidate.hasName(name));
      if (list) report(orig, null, name, list.source, context);
    },
  };
}
