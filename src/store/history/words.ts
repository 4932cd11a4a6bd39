/** Texts and ends of the history by their numbers: asked of the file once, then known. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { addressKey } from './address-key.ts';

/** What is known without asking; a flood of new ends starts over. */
const MOST_KNOWN = 100_000;
/** A name in DNS is no longer; whatever else comes from the wire is cut. */
const LONGEST = 255;

export class Words {
  readonly #known = new Map<string, number>();
  readonly #peers = new Map<string, number>();
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #findPeer: StatementSync;
  readonly #addPeer: StatementSync;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare('SELECT id FROM word WHERE text = ?');
    this.#add = db.prepare('INSERT INTO word (text) VALUES (?)');
    this.#findPeer = db.prepare('SELECT id FROM peer WHERE address = ? AND name = ?');
    this.#addPeer = db.prepare('INSERT INTO peer (address, name, address_key) VALUES (?, ?, ?)');
  }

  of(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const cut = text.slice(0, LONGEST);
    const id = (this.#find.get(cut)?.id as number | undefined) ?? Number(this.#add.run(cut).lastInsertRowid);
    return keep(this.#known, text, id);
  }

  ofAny(text: string | null): number | null {
    return text === null ? null : this.of(text);
  }

  peer(address: string, name: string | null): number {
    const key = `${address} ${name ?? ''}`;
    const known = this.#peers.get(key);
    if (known !== undefined) return known;
    const called = (name ?? '').slice(0, LONGEST).toLowerCase();
    const id =
      (this.#findPeer.get(address, called)?.id as number | undefined) ??
      Number(this.#addPeer.run(address, called, addressKey(address)).lastInsertRowid);
    return keep(this.#peers, key, id);
  }

  /** What was written was taken back: nothing is known for certain. */
  forget(): void {
    this.#known.clear();
    this.#peers.clear();
  }
}

function keep(map: Map<string, number>, key: string, id: number): number {
  if (map.size >= MOST_KNOWN) map.clear();
  map.set(key, id);
  return id;
}
