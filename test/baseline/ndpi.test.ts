import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWith, missingShared, sharedFolder } from '../needs.ts';
import { ndpi } from './known-differences.ts';
import { type Flows, readNdpiFlows, readOurFlows } from './ndpi-flows.ts';

const data = sharedFolder('data/ndpi');

function differences(ours: Flows, theirs: Flows): string[] {
  const list: string[] = [];
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const [a, b] = [ours.get(key), theirs.get(key)];
    if (a?.packets !== b?.packets || a?.bytes !== b?.bytes)
      list.push(`${key}: ${JSON.stringify({ ours: a, ndpi: b })}`);
  }
  return list;
}

describeWith(missingShared('data/ndpi'), 'nDPI’s test results: flows, packets and frame bytes', () => {
  const files = readdirSync(`${data}pcap`);

  it.each(files)('%s', async (file) => {
    const list = differences(await readOurFlows(`${data}pcap/${file}`), readNdpiFlows(`${data}result/${file}.out`));
    if (file in ndpi.differences) expect(list).not.toEqual([]);
    else expect(list).toEqual([]);
  });

  it('at least 98 % of the files are equal', () => {
    expect(files.length).toBe(ndpi.files);
    expect(Object.keys(ndpi.differences).length / files.length).toBeLessThanOrEqual(0.02);
  });
});
