import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readPacketLabels } from './labels.ts';
import { readTruth } from './truth.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-labels-'));
const write = (name: string, text: string | Uint8Array): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};
afterAll(() => rmSync(folder, { recursive: true }));

describe('labels of packets', () => {
  it('belong to the packets that their rows name', async () => {
    write('a.packet_labels.csv', 'packet,label\n3,malicious\n1,benign\n2,unlabelled\n');
    expect(await readPacketLabels(path.join(folder, 'a.pcap'), 3)).toEqual([0, -1, 1]);
  });

  it.each(['b.pcap', 'b.pcapng', 'b.pcap.gz', 'b.pcapng.zst', 'b.cap', 'b'])('are found beside %s', async (name) => {
    write('b.packet_labels.csv.gz', gzipSync('label\nmalicious\nbenign\n'));
    expect(await readPacketLabels(write(name, 'no text'), 2)).toEqual([1, 0]);
  });

  it.each([
    ['packet,label\n1,benign\n2,benign\n', 'they are 2, and the capture has 3 packets'],
    ['packet,label\n5,benign\n6,benign\n7,benign\n', '"5" is no packet of 3'],
    ['packet,label\n1,benign\n1,benign\n2,benign\n', 'packet 1 has two'],
    ['packet,ts\n1,0\n2,0\n3,0\n', 'there is no column "label"'],
  ])('that do not cover the capture are refused: %j', async (text, reason) => {
    write('c.packet_labels.csv', text);
    const reading = readPacketLabels(path.join(folder, 'c.pcap'), 3);
    await expect(reading).rejects.toMatchObject({ code: 'labels_unfit', parameters: { reason } });
  });

  it('may be missing', async () => {
    expect(await readPacketLabels(path.join(folder, 'none.pcap'), 3)).toBeNull();
  });
});

describe('the table of episodes', () => {
  const header = 'file,onset_ts,end_ts,kinds,hosts';
  it.each([
    ['orig_pkts,resp_pkts\n1,2\n', 'labels_unfit'],
    [`${header}\nx.pcap,noon,,scan,\n`, 'labels_unfit'],
  ])('is refused where it is another: %j', async (text, code) => {
    await expect(readTruth(write('truth.csv', text))).rejects.toMatchObject({ code });
  });

  it('says so where it is missing, and leaves ends open', async () => {
    await expect(readTruth(path.join(folder, 'absent.csv'))).rejects.toMatchObject({ code: 'file_not_found' });
    const [row] = await readTruth(write('truth.csv', `${header}\nx.pcap,,,scan|flood,any\n`));
    expect(row).toMatchObject({ onset: Number.NEGATIVE_INFINITY, kinds: new Set(['scan', 'flood']), hosts: new Set() });
  });
});
