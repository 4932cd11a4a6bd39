/** Addresses of this network that one device called for the first time in the last minute, and which of them answered. */

const WINDOW = 60;
/** Whoever answers does so by then. Seconds. */
const GRACE = 0.3;
/** So many times the limit need no waiting: they go out before anybody could answer. */
const CROWD = 4;
/** Of the devices that a server looks after fewer are off. */
const SILENT_SHARE = 0.3;
const MOST = 2048;

interface Call {
  address: string;
  ts: number;
  answered: boolean;
}

export class FanOut {
  /** In the order of time. */
  private calls: Call[] = [];

  /**
   * One more call; gives how many count: those that nobody has answered, and all of them where these are many of them.
   * Calls of a moment ago, which may be answered yet, count only where they are a crowd.
   */
  add(address: string, ts: number, limit: number): number {
    if (this.calls.length >= MOST || (this.calls.length > 0 && this.calls[0].ts < ts - WINDOW))
      this.calls = this.calls.filter((call) => call.ts >= ts - WINDOW).slice(-MOST / 2);
    this.calls.push({ address, ts, answered: false });
    let [all, old, answered] = [0, 0, 0];
    for (const call of this.calls) {
      if (call.answered) answered++;
      else {
        all++;
        if (call.ts <= ts - GRACE) old++;
      }
    }
    const silent = all >= CROWD * limit ? all : old;
    return silent >= SILENT_SHARE * (silent + answered) ? silent + answered : silent;
  }

  answer(address: string): void {
    const call = this.calls.findLast((other) => other.address === address);
    if (call) call.answered = true;
  }
}
