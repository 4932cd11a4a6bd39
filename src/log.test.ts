import { expect, test } from 'vitest';
import { createLog } from './log.ts';

/** A device name as an attacker would send it: line break, terminal escape, direction override, C1 control. */
const hostile = 'cam\r\n{"level":60}\u001b[2J\u202e\u009b1m\u{e0001}';

function capture(plain: boolean): { lines: () => string[]; log: ReturnType<typeof createLog> } {
  const written: string[] = [];
  const log = createLog({ plain, destination: { write: (text) => void written.push(text) } });
  return { log, lines: () => written.join('').trimEnd().split('\n') };
}

for (const plain of [false, true]) {
  test(`text from the wire stays one harmless line (${plain ? 'plain' : 'JSON'})`, () => {
    const { log, lines } = capture(plain);
    log.warn({ name: hostile }, hostile);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
}

test('JSON lines parse and give the text back', () => {
  const { log, lines } = capture(false);
  log.info({ name: hostile }, 'seen');
  expect(JSON.parse(lines()[0])).toMatchObject({ level: 30, msg: 'seen', name: hostile });
});

test('plain lines show level, message, values and the stack of an error', () => {
  const { log, lines } = capture(true);
  log.error({ err: new Error('disk on fire'), port: 5000 }, 'Cannot go on');
  expect(lines()[0]).toMatch(/^\d\d:\d\d:\d\d error Cannot go on port=5000$/);
  expect(lines()[1]).toBe('Error: disk on fire');
  expect(lines().length).toBeGreaterThan(2);
});

test('lines for the journal carry their severity, each line of a stack too, and no time of their own', () => {
  const written: string[] = [];
  const log = createLog({ journal: true, destination: { write: (text) => void written.push(text) } });
  log.info({ port: 5000 }, 'Listening');
  log.warn({ name: hostile }, hostile);
  log.error({ err: new Error('disk on fire') }, 'Cannot go on');
  const lines = written.join('').trimEnd().split('\n');
  expect(lines[0]).toBe('<6>Listening port=5000');
  expect(lines[1]).toMatch(/^<4>cam/);
  expect(lines.slice(2).length).toBeGreaterThan(2);
  for (const line of lines.slice(2)) expect(line).toMatch(/^<3>/);
});
