/**
 * Counts how often ordinary traffic shows the signs of remote control, and writes the numbers that the rule goes by:
 * `node scripts/node.cjs scripts/calibrate-remote-control.ts CAPTURE… > weights.ts`. With --show it prints the pairs
 * with the highest sums instead.
 */
import { basename } from 'node:path';
import { Activity } from '../src/detector/activity.ts';
import { RemoteControl } from '../src/detector/behaviour/control/remote-control.ts';
import { type Place, type Sign, signNames } from '../src/detector/behaviour/control/sign-names.ts';
import { bitOf, namesOf } from '../src/detector/behaviour/control/signs.ts';
import { DnsNames } from '../src/detector/behaviour/name/dns-names.ts';
import { play, readFrames } from '../src/evaluation/traffic.ts';
import { LinkTracker } from '../src/feature/link-tracker.ts';

const show = process.argv.includes('--show');
const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const pairs: Record<Place, number> = { outside: 0, inside: 0 };
const signs: Partial<Record<Sign, Record<Place, number>>> = {};
const found: { sum: number; line: string }[] = [];

for (const file of files) {
  const frames = await readFrames(file).catch((error: unknown) => {
    process.stderr.write(`${file}: ${error instanceof Error ? error.message : String(error)}\n`);
    return [];
  });
  const rule = new RemoteControl();
  const tracker = new LinkTracker();
  const activity = new Activity([new DnsNames(), rule], tracker.hosts, () => {});
  tracker.onIdle = (link) => activity.idle(link);
  play(frames, (packet) => {
    const step = tracker.update(packet);
    if (step === null) activity.frame(packet);
    else activity.packet(packet, step);
  });
  for (const { device, other, place, bits, sum, port } of rule.observed()) {
    pairs[place]++;
    for (const sign of signNames) {
      if ((bits & bitOf(sign)) === 0) continue;
      signs[sign] ??= { outside: 0, inside: 0 };
      signs[sign][place]++;
    }
    const names = namesOf(bits, place).join(' ');
    found.push({
      sum,
      line: `${sum.toFixed(1)} ${basename(file)} ${device.address} ${other.address}:${port} ${names}`,
    });
  }
}

if (show) {
  found.sort((a, b) => b.sum - a.sum);
  process.stdout.write(
    `${found
      .slice(0, 60)
      .map(({ line }) => line)
      .join('\n')}\n`,
  );
} else {
  const rows = signNames.flatMap((sign) => {
    const counts = signs[sign];
    return counts ? [`  '${sign}': { outside: ${counts.outside}, inside: ${counts.inside} },`] : [];
  });
  process.stdout.write(`/**
 * How often ordinary traffic shows each sign of remote control: pairs of a device and another end. Written by
 * scripts/calibrate-remote-control.ts.
 */
import type { Place, Sign } from './sign-names.ts';

export const benignPairs: Record<Place, number> = { outside: ${pairs.outside}, inside: ${pairs.inside} };

export const benignSigns: Partial<Record<Sign, Record<Place, number>>> = {
${rows.join('\n')}
};

/** Nats from which on it is told: above all of these pairs, with a margin. */
export const CUT = 8.2;
`);
}
