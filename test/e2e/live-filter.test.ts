/** The filter and the sizes of the settings hold for every interface that is captured, however it was chosen. */
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createLiveMonitor, type RunningLiveMonitor } from '../../src/monitor/server/live-monitor.ts';
import { captureUser } from '../../src/source/live/capture-user.ts';
import { interfaceNames } from '../../src/source/live/interfaces.ts';
import type { CaptureOptions } from '../../src/source/live/tool.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { liveOptions, until } from '../live.ts';
import { makeDirectory } from '../server.ts';

const loopback = interfaceNames().find((name) => name === 'lo' || name === 'lo0')!;
/** Of an empty capture, in the words of printf(1). */
const HEADER = `\\324\\303\\262\\241\\002\\000\\004\\000${'\\000'.repeat(8)}\\000\\010\\000\\000\\001\\000\\000\\000`;

test('an interface that is chosen on the page, and that is remembered, is captured as the settings say', async () => {
  const directory = makeDirectory();
  const tools = makeDirectory();
  const argv = path.join(tools, 'argv');
  const tool = path.join(tools, 'tcpdump');
  // It understands everything that does not end in "wrong".
  writeFileSync(
    tool,
    `#!/bin/sh
case "$*" in
  -d*wrong) echo "tcpdump: can't parse filter expression: syntax error" >&2; exit 1 ;;
  -d*) echo '(000) ret #0'; exit ;;
esac
printf '%s\\n' "$*" >> ${argv}
trap 'echo "0 packets captured" >&2' USR1
trap exit TERM
printf '${HEADER}'
while :; do sleep 0.1; done
`,
  );
  chmodSync(tool, 0o755);
  const store = await openSqliteStore({ directory, log: createLog({ level: 'silent' }) });
  const begin = (manner: CaptureOptions): Promise<RunningLiveMonitor> =>
    createLiveMonitor({ ...liveOptions(store, directory).options, searchPath: tools, manner });
  const calls = (): string[] => (existsSync(argv) ? readFileSync(argv, 'utf8').split('\n').slice(0, -1) : []);
  // Root gives its rights up once the interface is open.
  const user = captureUser();
  const drop = user === null ? '' : `-Z ${user} `;
  const expected = `-i ${loopback} -U -w - -s 512 -B 4096 -n ${drop}-- not port 22`;
  const manner = { filter: 'not port 22', snapLength: 512, bufferMiB: 4 };

  const first = await begin(manner);
  await first.start(loopback);
  await until(() => calls().length > 0);
  await first.close();
  expect(calls()).toEqual([expected]);

  const again = await begin(manner);
  await again.resume(null);
  await until(() => calls().length > 1);
  await again.close();
  expect(calls()).toEqual([expected, expected]);

  const wrong = await begin({ filter: 'port wrong' });
  await expect(wrong.start(loopback)).rejects.toMatchObject({ code: 'bad_filter', status: 400 });
  expect((await wrong.status()).state).toBe('off');
  // Chosen before: it says what is wrong, and captures nothing.
  await wrong.resume(null);
  const { sentence } = await until(async () => {
    const status = await wrong.status();
    return status.state === 'blind' && status;
  });
  expect(sentence).toContain(`The capture filter "port wrong" cannot be used: tcpdump says: can't parse filter`);
  await wrong.close();
  expect(calls()).toHaveLength(2);
  await store.close();
  for (const made of [directory, tools]) rmSync(made, { recursive: true });
}, 60_000);
