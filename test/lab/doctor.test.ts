/** What `guardian doctor` and `guardian monitor` say to an owner whose machine, or whose words, are not in order. */
import { expect, test } from 'vitest';
import { interfaceNames } from '../../src/source/live/interfaces.ts';
import { guardian } from '../cli/guardian.ts';

const loopback = interfaceNames().find((name) => name === 'lo' || name === 'lo0')!;

test.each([
  ['monitor', '--interface', '-z/tmp/x'],
  ['monitor', '--interface', 'eth0;id'],
  ['doctor', '--interface', 'any -w /x'],
  ['monitor', '--interface', loopback, '--filter', '-w /tmp/x'],
  ['monitor', '--interface', loopback, '--duration', 'soon'],
])('guardian %s %s %s is refused before anything is started', async (...args) => {
  const { code, stdout, stderr } = await guardian(args);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  if (args[2] !== loopback) expect(stderr).toContain(loopback);
});

test('without a capture tool, the doctor gives the command that installs one, and ends with 4', async () => {
  const { code, stdout } = await guardian(['doctor', '--interface', loopback, '--json'], { env: { PATH: '/nowhere' } });
  expect(code).toBe(4);
  const { ready, checks } = JSON.parse(stdout);
  expect(ready).toBe(false);
  const tool = checks.find(({ name }: { name: string }) => name === 'tool');
  expect(tool.ok).toBe(false);
  expect(tool.mend[0]).toMatch(/tcpdump|wireshark/);
});

test('without a capture tool, the monitor says so and ends with 4', async () => {
  const { code, stderr } = await guardian(['monitor', '--interface', loopback], { env: { PATH: '/nowhere' } });
  expect(code).toBe(4);
  expect(stderr).toContain('capture_tool_missing');
});
