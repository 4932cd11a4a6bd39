import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Flows, readNdpiFlows, readOurFlows } from './ndpi-flows.ts';

const data = fileURLToPath(new URL('../../../shared/data/ndpi/', import.meta.url));

/** Files whose flows differ, and why. */
const known = new Map([
  ['ip_fragmented_garbage.pcap', 'nDPI does not put fragments together'],
  ['kerberos_fuzz.pcapng', 'a TCP header with an impossible length is refused'],
]);

function differences(ours: Flows, theirs: Flows): string[] {
  const list: string[] = [];
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const [a, b] = [ours.get(key), theirs.get(key)];
    if (a?.packets !== b?.packets || a?.bytes !== b?.bytes)
      list.push(`${key}: ${JSON.stringify({ ours: a, ndpi: b })}`);
  }
  return list;
}

describe.skipIf(!existsSync(data))('nDPI’s test results: flows, packets and frame bytes', () => {
  const files = existsSync(data) ? readdirSync(`${data}pcap`) : [];

  it.each(files)('%s', async (file) => {
    const list = differences(await readOurFlows(`${data}pcap/${file}`), readNdpiFlows(`${data}result/${file}.out`));
    if (known.has(file)) expect(list).not.toEqual([]);
    else expect(list).toEqual([]);
  });

  it('at least 98 % of the files are equal', () => {
    expect(known.size / files.length).toBeLessThanOrEqual(0.02);
  });
});
