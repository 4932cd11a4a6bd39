/** Addresses that one device asks for by ARP: which are answered, and which nobody has, however slowly it goes on. */
import { FanOut } from './fan-out.ts';

const MOST = 2048;

export class Asked {
  private readonly fan = new FanOut();
  private readonly absent = new Set<string>();

  /** One more address; gives how many of the last minute count, as of calls. */
  add(address: string, ts: number, limit: number): number {
    if (this.absent.size < MOST) this.absent.add(address);
    return this.fan.add(address, ts, limit);
  }

  answer(address: string): void {
    this.fan.answer(address);
    this.absent.delete(address);
  }

  /** Those that nobody had since `restart`. */
  nobodys(present: ReadonlySet<string>): number {
    for (const address of this.absent) if (present.has(address)) this.absent.delete(address);
    return this.absent.size;
  }

  restart(): void {
    this.absent.clear();
  }
}
