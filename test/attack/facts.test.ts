/** One list of facts behind an alert: sentence, evidence, report, mail and JSON say the same numbers, for every attack. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Alert } from '../../src/alert/alert.ts';
import { toAlertJson } from '../../src/alert/alert-json.ts';
import { alertSchema } from '../../src/api/contract.ts';
import { settingsSchema } from '../../src/config/schema.ts';
import { loadFlowModel } from '../../src/model/flow-model.ts';
import { mailHtml, mailText } from '../../src/notify/channel/email.ts';
import { composeAlert } from '../../src/notify/message/message.ts';
import { cleanSubject } from '../../src/notify/message/subject.ts';
import { escapeHtml } from '../../src/notify/transport/plain-text.ts';
import { renderHtml, renderText, toReport } from '../../src/scan/report/index.ts';
import { scanFile } from '../../src/scan/scan-file.ts';
import { attackKinds } from '../../src/simulator/attack/index.ts';
import { type AttackOptions, parseAttack } from '../../src/simulator/options.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { writeCapture } from '../capture/write-capture.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'guardian-facts-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const model = await loadFlowModel(settingsSchema.parse({}).detection);

/** Without the names in it, the times of day, and what was usual before: that is compared with, not found. */
function ownNumbers({ sentence, device, hosts = [] }: Alert): string[] {
  const bare = [device, ...hosts].reduce((text, name) => text.replaceAll(name, ''), sentence);
  const now = bare
    .replaceAll(/\d\d:\d\d(:\d\d)? UTC|([0-9a-f]{2}:){5}[0-9a-f]{2}|\d+(\.\d+){3}/g, '')
    .split('In the ')[0];
  return now.match(/\d[\d,.]*(?<![.,])/g) ?? [];
}

/** They need hours of a past, or are told by nothing that happens. */
const untold = ['silence'];

test.each(attackKinds.map(({ kind }) => kind))('%s', async (kind) => {
  const home = simulate({
    devices: ['hub', 'camera', 'phone'],
    hours: 1,
    seed: 7,
    attacks: [parseAttack(kind) as AttackOptions],
  });
  const file = path.join(directory, `${kind}.pcap`);
  writeFileSync(
    file,
    writeCapture(Array.from(home, ({ ts, data }) => ({ ts: ts / 1e6, bytes: Uint8Array.from(data) }))).bytes,
  );
  const outcome = await scanFile(file, { model });
  if (untold.includes(kind)) return;
  expect(outcome.alerts).not.toEqual([]);
  expect(outcome.alerts.flatMap(ownNumbers)).not.toEqual([]);
  const report = toReport(outcome, file);
  const [text, html] = [
    renderText(report, (command) => command),
    renderHtml([report], new Date(0), (command) => command),
  ];
  for (const alert of outcome.alerts) {
    const { facts, time } = alertSchema.parse(toAlertJson(alert));
    expect(facts!.length).toBeGreaterThan(1);
    expect(Date.parse(time!) / 1000).toBeCloseTo(alert.ts, 2);
    const numbers = facts!.flatMap((fact) => fact.text.match(/\d[\d,.]*(?<![.,])/g) ?? []);
    expect(numbers, alert.sentence).toEqual(expect.arrayContaining(ownNumbers(alert)));

    const subject = cleanSubject({ ...alert, id: 'a', facts });
    const message = composeAlert(subject, 'alert', { id: 'm', now: 0, timeZone: 'UTC' });
    const [mail, page] = [mailText(message), mailHtml(message)];
    expect(mail).toContain(alert.sentence);
    const listed = report.alerts.find(({ sentence }) => sentence === alert.sentence)!.evidence;
    for (const fact of facts!) {
      expect(listed).toContainEqual([fact.name, fact.text]);
      expect(mail).toContain(`${fact.name}: ${fact.text}`);
      expect(page).toContain(`${escapeHtml(fact.name)}</th><td>${escapeHtml(fact.text)}</td>`);
      expect(html).toContain(escapeHtml(fact.text));
      expect(text.replaceAll(/\s+/g, ' ')).toContain(fact.text);
    }
  }
});
