/** Silence: a device that used to speak says nothing for far longer than it ever did. */
import { isLocallyAdministered } from '../../../device/vendor.ts';
import type { Host } from '../../../feature/host.ts';
import { fitTail, type Tail, tailSurprise } from '../../density/tail.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour } from '../behaviour.ts';

/** Pauses shorter than this are part of speaking. */
const SHORTEST = 60;
/** An hour of silence is nothing to report, however chatty the device. */
const LEAST = 3600;
/** The longest pause of the past, this many times over. */
const PAST_FACTOR = 3;
/** One silence in ten thousand pauses. */
const CUT = Math.log(10_000);
const MOST_PAUSES = 1024;
const FEWEST_PAUSES = 10;

interface Speaker {
  /** Last address heard, IPv4 before IPv6. */
  address: string;
  first: number;
  last: number;
  pauses: number[];
  longest: number;
  tail: Tail | null;
  /** Told of this silence already. */
  told: boolean;
}

/** How rare a pause of this length is, in nats. A device that hardly ever paused is judged by how long it is known. */
function surpriseOf(speaker: Speaker, pause: number): number {
  if (speaker.pauses.length < FEWEST_PAUSES) return speaker.last - speaker.first > pause ? CUT : 0;
  speaker.tail ??= fitTail(speaker.pauses.map(Math.log));
  return tailSurprise(speaker.tail, Math.log(pause));
}

export function createSilence(): Behaviour {
  const speakers = new Map<string, Speaker>();
  /** Since when this run sees traffic at all: a file that begins later than the last word is no silence. */
  let watching = Number.NaN;
  let lastTick = Number.NaN;

  function heard(host: Host, ts: number, learning: boolean): void {
    if (host.scope !== 'local' || !host.isSomebody) return;
    // Phones, tablets and laptops make their addresses up, and are carried out of the house.
    if (host.mac !== null && isLocallyAdministered(host.mac)) return;
    // A device is heard under all its addresses.
    const key = host.mac ?? host.address;
    if (!learning && !speakers.has(key)) return;
    const none = { address: host.address, first: ts, last: ts, pauses: [], longest: 0, tail: null, told: false };
    const speaker: Speaker = getOrCreate(speakers, key, () => none);
    if (!host.address.includes(':')) speaker.address = host.address;
    const pause = ts - Math.max(speaker.last, watching);
    if (learning && pause >= SHORTEST && speaker.pauses.length < MOST_PAUSES) speaker.pauses.push(pause);
    if (learning) speaker.longest = Math.max(speaker.longest, pause);
    speaker.last = ts;
    speaker.told = false;
  }

  return {
    name: 'silence',
    knowsByMac: true,
    packet(_packet, step, { ts, learning }) {
      heard(step.direction === 0 ? step.link.channel.orig : step.link.channel.resp, ts, learning);
    },
    start(link, { ts, learning }) {
      if (link.recorded) heard(link.channel.orig, ts, learning);
    },
    tick(context) {
      const { ts } = context;
      // When nobody at all was heard for an hour the sensor was off, not the devices.
      if (!(ts - lastTick < LEAST)) watching = ts;
      lastTick = ts;
      if (context.learning) {
        // A pause that has not ended yet is as long already.
        for (const speaker of speakers.values())
          speaker.longest = Math.max(speaker.longest, ts - Math.max(speaker.last, watching));
        return;
      }
      for (const speaker of speakers.values()) {
        const pause = ts - Math.max(speaker.last, watching);
        if (speaker.told || pause < LEAST || pause < PAST_FACTOR * speaker.longest) continue;
        const surprise = surpriseOf(speaker, pause);
        if (surprise < CUT) continue;
        speaker.told = true;
        const usual = [...speaker.pauses].sort((a, b) => a - b)[speaker.pauses.length >> 1] ?? 0;
        context.report({
          kind: 'silence',
          detector: 'silence',
          host: context.hosts.get(speaker.address, speaker.last),
          target: null,
          ts,
          since: speaker.last,
          strength: surprise - CUT,
          evidence: { seconds: pause, usual, longest: speaker.longest },
        });
      }
    },
    save: () => [...speakers].map(([key, { tail: _tail, told: _told, ...speaker }]) => ({ key, ...speaker })),
    load(state: (Omit<Speaker, 'tail' | 'told'> & { key: string })[]) {
      speakers.clear();
      for (const { key, ...speaker } of state) {
        speakers.set(key, { ...speaker, tail: null, told: false });
      }
    },
  };
}
