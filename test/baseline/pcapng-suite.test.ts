import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readCapture } from '../../src/source/capture/read-capture.ts';
import { describeWith, missingShared, sharedFolder } from '../needs.ts';

const data = sharedFolder('data/pcapng-suite');

/** Packet blocks (enhanced, simple, obsolete) that the text beside a capture counts. */
function packetsByText(path: string): number {
  const text = readFileSync(path, 'utf8');
  const counts = [...text.matchAll(/^\s+(EPB|SPB|PB|OPB): (\d+)$/gm)].map((match) => Number(match[2]));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** What a reader hands on of a capture, as one hash. */
async function readAll(path: string) {
  const hash = createHash('sha256');
  const stats = await readCapture(path, ({ bytes, offset, end, origlen, ts, linktype }) => {
    hash.update(JSON.stringify({ origlen, ts, linktype })).update(bytes.subarray(offset, end));
  });
  return { stats, digest: hash.digest('hex') };
}

const captures = (folder: string): string[] =>
  existsSync(data + folder) ? readdirSync(data + folder).filter((file) => file.endsWith('.pcapng')) : [];

describeWith(missingShared('data/pcapng-suite'), 'pcapng test suite', () => {
  for (const folder of ['le/basic', 'le/advanced', 'le/difficult', 'be/basic', 'be/advanced', 'be/difficult']) {
    for (const file of captures(folder)) {
      it(`${folder}/${file}: every packet that its text counts`, async () => {
        const { stats } = await readAll(`${data}${folder}/${file}`);
        expect(stats.offered).toBe(packetsByText(`${data}${folder}/${file.replace('.pcapng', '.txt')}`));
        expect(stats).toMatchObject({ format: 'pcapng', parsed: stats.offered, rejected: {}, truncated: false });
      });
    }
  }

  it('the same file in both byte orders gives the same packets', async () => {
    for (const file of captures('be/basic')) {
      const big = await readAll(`${data}be/basic/${file}`);
      const little = await readAll(`${data}le/basic/${file}`);
      expect([file, big.digest]).toEqual([file, little.digest]);
    }
  });
});
