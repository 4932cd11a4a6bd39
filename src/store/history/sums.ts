/** What a batch of connections adds up to by hour and day, so that each sum is written once. */

export interface Sum {
  /** Hour or day since 1970. */
  span: number;
  device: number;
  peer: number;
  service: number;
  flows: number;
  sent: number;
  received: number;
}

type Share = Omit<Sum, 'span'> & { ts: number };

const HOUR = 3600;
const DAY = 86_400;

export class Sums {
  readonly hours = new Map<string, Sum>();
  readonly days = new Map<string, Sum>();
  readonly devices = new Map<string, Sum>();

  add({ ts, ...share }: Share): void {
    const [hour, day] = [Math.max(0, Math.floor(ts / HOUR)), Math.max(0, Math.floor(ts / DAY))];
    const { device, peer, service } = share;
    const ends = `${device} ${peer} ${service}`;
    join(this.hours, `${hour} ${ends}`, hour, share);
    join(this.days, `${day} ${ends}`, day, share);
    join(this.devices, `${hour} ${device}`, hour, share);
  }
}

function join(sums: Map<string, Sum>, key: string, span: number, share: Omit<Sum, 'span'>): void {
  const sum = sums.get(key);
  if (sum === undefined) {
    sums.set(key, { ...share, span });
    return;
  }
  sum.flows += share.flows;
  sum.sent += share.sent;
  sum.received += share.received;
}
