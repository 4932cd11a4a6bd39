import { expect, test } from 'vitest';
import { hostileName, newSubject, noon } from '../../../test/conformance/notify/subject.ts';
import { escapeHtml, plainLine } from '../transport/plain-text.ts';
import { composeAlert, composeSummary } from './message.ts';
import { cleanSubject, toBrief } from './subject.ts';
import { renderTemplate, templateVariables } from './template.ts';

const composing = { id: 'm', now: noon, timeZone: 'Europe/Berlin' };

test('an alert reads as a person would say it', () => {
  expect(composeAlert(newSubject({ id: 'a' }), 'alert', composing)).toMatchObject({
    title: 'High: Hall camera',
    text: [
      'Hall camera tried 214 addresses on port 23 (telnet) in 40 seconds. In the last 14 days it used 3 addresses.',
      '',
      'It may look for other devices to break into.',
      '',
      'What to do now:',
      '1. Disconnect Hall camera.',
      '2. Install its latest firmware.',
      '',
      'High · since 2026-10-16 14:00 CEST · scan, 97 % sure · 02:00:00:00:00:01',
    ].join('\n'),
  });
});

test('a message says where it comes from, and leads to its page', () => {
  const link = 'http://guardian.home:5000/alerts/7';
  const ofFile = composeAlert(newSubject({ id: 'a', file: 'hall.pcap', link }), 'alert', composing);
  expect(ofFile.title).toBe('High: Hall camera in hall.pcap');
  expect(ofFile.text).toContain('Found in the uploaded file "hall.pcap", not in the traffic of now.');
  expect(ofFile.text.split('\n').at(-1)).toBe(`Read more: ${link}`);
  const demo = composeAlert(newSubject({ id: 'a', demo: true }), 'alert', { ...composing, title: 'My {{device}}' });
  expect(demo.title).toBe('Demonstration: My Hall camera');
  expect(demo.text).toContain('a simulated home that is being attacked, not yours');
  const brief = toBrief(newSubject({ file: 'hall.pcap', link, demo: true }));
  const summary = composeSummary([brief], 'Digest', composing);
  expect(summary.title).toBe('Demonstration: Digest: 1 alert');
  expect(summary.text).toMatch(/, in the file "hall\.pcap"\) http:\/\/guardian\.home:5000\/alerts\/7$/);
});

test('times of day are those of the owner', () => {
  const sentence = 'TV sends since 16:02 UTC. It was silent from 23:50 to 00:10 UTC.';
  const { text, alert } = composeAlert(newSubject({ sentence }), 'alert', composing);
  expect(text).toContain('TV sends since 18:02 CEST. It was silent from 01:50 to 02:10 CEST.');
  // For programs it stays as it is.
  expect(alert!.sentence).toBe(sentence);
});

test('a summary lists the worst first and counts the rest', () => {
  const briefs = [
    ...Array.from({ length: 24 }, (_, i) => toBrief(newSubject({ severity: 'Low', sentence: `Low ${i}.` }))),
    { ...toBrief(newSubject({ severity: 'Critical', sentence: 'Critical one.' })), count: 5 },
  ];
  const { title, text, severity, count } = composeSummary(briefs, 'Digest', composing);
  expect([title, severity, count]).toEqual(['Digest: 29 alerts', 'Critical', 29]);
  const lines = text.split('\n');
  expect(lines[0]).toBe('Critical: Critical one. (2026-10-16 14:00 CEST) And 4 more of the kind "scan".');
  expect(lines).toHaveLength(21);
  expect(lines[20]).toBe('And 5 more.');
});

test('text from the network becomes one bounded line that shows what was hidden in it', () => {
  expect(plainLine('a\r\nb\u001b[2J\u202e\u0000', 100)).toBe('a\\u000D\\u000Ab\\u001B[2J\\u202E\\u0000');
  expect(plainLine('👨‍👩‍👧 tablet', 100)).toBe('👨‍👩‍👧 tablet');
  expect(plainLine('x'.repeat(1000), 10)).toBe('xxxxxxxxx…');
  expect(plainLine('\u0000'.repeat(1e6), 20).length).toBe(20);
  expect(plainLine('😀😀', 3).isWellFormed()).toBe(true);
  expect(escapeHtml(`<a href="x" b='y'>&`)).toBe('&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;');
});

test('every text of an alert is cleaned and bounded', () => {
  const long = hostileName.repeat(100);
  const clean = cleanSubject(
    newSubject({
      id: long,
      device: long,
      address: long,
      sentence: long,
      meaning: long,
      advice: Array(50).fill(long),
      detector: long,
      evidence: { [long]: long, ...Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, long])) },
      uids: Array(500).fill(long),
    }),
  );
  const texts = JSON.stringify(clean);
  expect(texts.length).toBeLessThan(100_000);
  expect(JSON.parse(texts).device).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect([clean.advice.length, clean.uids.length, Object.keys(clean.evidence).length]).toEqual([5, 100, 100]);
});

test('templates know the names of the list and leave everything else as it is written (E11)', () => {
  const subject = newSubject({ device: '{{sentence}}', sentence: '$& $1' });
  const render = (template: string): string => renderTemplate(template, subject, 'UTC');
  expect(render('{{device}} {{ severity }} {{sentence}}')).toBe('{{sentence}} High $& $1');
  for (const literal of [
    '{{constructor}}',
    '{{__proto__}}',
    '{{toString}}',
    '{{device.length}}',
    '{{#each advice}}',
    '{{> /etc/passwd}}',
    '{{include "x"}}',
    '{% include /etc/passwd %}',
    '#{device}',
    '<%= device %>',
    '{{{device',
    '{{DEVICE}}',
  ]) {
    expect(render(literal)).toBe(literal);
  }
  const all = render(templateVariables.map((name) => `{{${name}}}`).join('|'));
  expect(all.split('|').filter((value) => value.startsWith('{{'))).toEqual(['{{sentence}}']);
});
