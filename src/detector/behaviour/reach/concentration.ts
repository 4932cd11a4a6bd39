/**
 * How much the calls of one device are after one thing: the same port everywhere, or one address on every port. A
 * scanner's are; those of a file-sharing program or a game go to many addresses, each at a port of its own.
 */
const REMEMBERED = 64;
/** Fewer say nothing. */
const FEWEST = 4;
/** Peers that keep the default port of their program are no more than this share. */
const CHANCE = 0.3;

export class Concentration {
  private readonly calls: { host: number; port: number }[] = [];
  private readonly hosts = new Map<number, number>();
  private readonly ports = new Map<number, number>();

  add(host: number, port: number): void {
    this.calls.push({ host, port });
    count(this.hosts, host, 1);
    count(this.ports, port, 1);
    if (this.calls.length <= REMEMBERED) return;
    const oldest = this.calls.shift()!;
    count(this.hosts, oldest.host, -1);
    count(this.ports, oldest.port, -1);
  }

  /** 0 where every call goes somewhere else at another port, 1 where they have one thing in common. */
  get weight(): number {
    const { length } = this.calls;
    if (length < FEWEST) return 1;
    const share = 1 - Math.min(this.hosts.size, this.ports.size) / length;
    return share < CHANCE ? 0 : Math.min(1, 2 * share);
  }
}

function count(counts: Map<number, number>, key: number, by: number): void {
  const left = (counts.get(key) ?? 0) + by;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
