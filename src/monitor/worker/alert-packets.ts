/**
 * Packets around an alert, for whoever wants to look closer: what its hosts sent and got shortly before it was raised and
 * for some seconds after, as a pcap file in a folder of a bounded size. The owner has to ask for it.
 */
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Alert } from '../../alert/alert.ts';
import { parseAddress } from '../../packet/address.ts';
import { decodePacket } from '../../packet/decode.ts';
import { Packet } from '../../packet/packet.ts';
import { PacketRing } from './packet-ring.ts';

export interface AlertPacketsOptions {
  /** `ID.pcap` of each alert is there, with the id that its detectors gave it. */
  directory: string;
  /** Of all files together. */
  bytes: number;
  onTrouble: (error: unknown) => void;
  /** Milliseconds after the alert that are kept too. */
  afterMs?: number;
}

const RING_BYTES = 8 * 1024 * 1024;
const AFTER_MS = 10_000;
/** Alerts that wait for their packets at the same time; a storm of alerts is no reason to write a storm of files. */
const MOST_WAITING = 16;

export class AlertPackets {
  readonly #ring = new PacketRing(RING_BYTES);
  readonly #options: AlertPacketsOptions;
  readonly #waiting = new Map<string, { timer: NodeJS.Timeout; hosts: string[] }>();
  #writing: Promise<void> = Promise.resolve();

  constructor(options: AlertPacketsOptions) {
    this.#options = options;
  }

  packet(packet: Packet): void {
    this.#ring.add(packet);
  }

  /** An alert was raised, or says more: only the first time counts. */
  alert({ id, hosts, address }: Alert): void {
    if (id === undefined || this.#waiting.has(id) || this.#waiting.size >= MOST_WAITING) return;
    const timer = setTimeout(() => this.#take(id), this.#options.afterMs ?? AFTER_MS);
    this.#waiting.set(id, { timer, hosts: hosts ?? [address] });
  }

  /** What is in memory is forgotten, whoever sent it. */
  forget(): void {
    this.#ring.clear();
  }

  /** Writes what still waits. */
  async stop(): Promise<void> {
    for (const [id, { timer }] of this.#waiting) {
      clearTimeout(timer);
      this.#take(id);
    }
    await this.#writing;
  }

  #take(id: string): void {
    const { hosts } = this.#waiting.get(id)!;
    this.#waiting.delete(id);
    const capture = this.#ring.extract(takesPart(hosts));
    this.#writing = this.#writing.then(() => this.#write(id, capture)).catch(this.#options.onTrouble);
  }

  async #write(id: string, capture: Uint8Array): Promise<void> {
    const { directory, bytes } = this.#options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const file = path.join(directory, `${id}.pcap`);
    // An alert that goes on keeps the packets of its beginning.
    if ((await stat(file).catch(() => null)) !== null) return;
    const beside = `${file}.new`;
    try {
      await writeFile(beside, capture, { mode: 0o600 });
      await rename(beside, file);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
    await prune(directory, bytes);
  }
}

/** Whether a frame is from or to one of those addresses. */
function takesPart(hosts: readonly string[]): (frame: Uint8Array<ArrayBuffer>, linktype: number) => boolean {
  const wanted = new Set(hosts.map((host) => parseAddress(host)).map((one) => one && keyOf(one.isIpv6, ...one.words)));
  const packet = new Packet();
  packet.acceptsOffload = true;
  return (frame, linktype) => {
    packet.load(frame, linktype);
    if (!decodePacket(packet, true) || packet.ipVersion === 0) return false;
    const isIpv6 = packet.ipVersion === 6;
    return (
      wanted.has(keyOf(isIpv6, packet.src0, packet.src1, packet.src2, packet.src3)) ||
      wanted.has(keyOf(isIpv6, packet.dst0, packet.dst1, packet.dst2, packet.dst3))
    );
  };
}

const keyOf = (isIpv6: boolean, ...words: number[]): string => (isIpv6 ? words.join(' ') : `${words[0]}`);

/** The oldest go until the rest is small enough. */
async function prune(directory: string, most: number): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.pcap'));
  const files = await Promise.all(
    names.map(async (name) => {
      const file = path.join(directory, name);
      const { size, mtimeMs } = await stat(file);
      return { file, size, mtimeMs };
    }),
  );
  let total = 0;
  for (const { file, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    total += size;
    if (total > most) await rm(file, { force: true });
  }
}
