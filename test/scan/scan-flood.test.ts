/** What a scan says of a flood that is shorter than any window, and of a file that is too much for its worker. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadFlowModel } from '../../src/model/flow-model.ts';
import { scanFile } from '../../src/scan/scan-file.ts';
import { createScanner } from '../../src/scan/scan-pool.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-scan-flood-'));
afterAll(() => rmSync(folder, { recursive: true }));

const options = { model: '', threshold: '', preset: 'guardian' } as const;

/** A Zeek log of unanswered calls, `perSecond` of them a second, each from an address of its own. */
function calls(count: number, perSecond: number): string {
  const rows = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      ...{ ts: 1e9 + i / perSecond, uid: `C${i}`, proto: 'tcp', conn_state: 'S0', orig_pkts: 1, resp_pkts: 0 },
      ...{ 'id.orig_h': `10.${(i >> 14) & 255}.${(i >> 6) & 255}.${1 + (i & 63)}`, 'id.orig_p': 4000 },
      ...{ 'id.resp_h': '192.168.1.5', 'id.resp_p': 80, orig_bytes: 0, resp_bytes: 0 },
    }),
  );
  const target = path.join(folder, `${count}-${perSecond}.log`);
  writeFileSync(target, `${rows.join('\n')}\n`);
  return target;
}

it('a rule that has seen a flood is heard, although no device has enough flows for a window', async () => {
  const outcome = await scanFile(calls(5000, 5000), { model: await loadFlowModel(options) });
  expect(outcome).toMatchObject({ total_samples: 0, percentage: 0, details: [], errors: [] });
  expect(outcome.alerts).toEqual([expect.objectContaining({ kind: 'flood', hosts: ['192.168.1.5'] })]);
  expect(outcome.alerts[0].sentence).toMatch(
    /^192\.168\.1\.5 was called by [\d,]+ addresses in [\d.]+ seconds? on web \(port 80\)/,
  );
});

it('callers that come one after the other are no flood', async () => {
  const outcome = await scanFile(calls(5000, 50), { model: await loadFlowModel(options) });
  expect(outcome).toMatchObject({
    alerts: [],
    total_samples: 0,
    unjudged: [expect.stringMatching(/^habits: .* is 1$/)],
  });
});

it('a worker that runs out of memory is an error that says what to do, and the next file is scanned', async () => {
  const scanner = await createScanner({ ...options, workers: 1, heapMb: 40 });
  const refused = scanner.scan(calls(200_000, 100_000), { name: 'flood.log' });
  await expect(refused).rejects.toMatchObject({ code: 'too_much_memory', status: 413, hint: /guardian scan/ });
  await expect(scanner.scan(calls(500, 5000), { name: 'small.log' })).resolves.toMatchObject({ records: 500 });
  await scanner.close();
});
