/** Scans as one page that needs nothing else: no scripts, nothing loaded, readable on a phone, in the dark and on paper. */
import { escapeHtml } from '../../model/plot.ts';
import type { ReportedAlert, ReportedScan } from './scan-report.ts';

const STYLE = `:root{color-scheme:light dark;--text:#1c2330;--back:#fff;--soft:#5a6578;--line:#d8dde6;--critical:#a61b29;--high:#9a4a00;--medium:#7a5b00;--low:#3b5b7a}
@media(prefers-color-scheme:dark){:root{--text:#e3e7ee;--back:#14181f;--soft:#9aa5b5;--line:#333b48;--critical:#ff8a8a;--high:#ffb066;--medium:#e6c65c;--low:#9cc0e6}}
body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:var(--text);background:var(--back);overflow-wrap:anywhere}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem}h3{font-size:1.05rem;margin:2rem 0 .5rem}h4{font-size:.95rem;margin:1rem 0 .25rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top;font-weight:400}
thead th,tbody th{color:var(--soft)}code{display:block;padding:.5rem;border:1px solid var(--line);border-radius:.25rem}
.time,.notes{color:var(--soft)}.severity{font-weight:600}.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}
article{break-inside:avoid}`;

/** @param inWords writes commands as their reader has to */
export function renderHtml(scans: readonly ReportedScan[], made: Date, inWords: (text: string) => string): string {
  const title = scans.length === 1 ? `Scan of ${scans[0].file}` : `Scan of ${scans.length} files`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>${STYLE}</style></head><body><main>
<h1>${escapeHtml(title)}</h1>
<p class="time">By Home IoT Guardian, ${made.toISOString().slice(0, 19).replace('T', ' ')} UTC</p>
${scans.map((scan) => sectionOf(scan, inWords)).join('\n')}
</main></body></html>
`;
}

function sectionOf(
  { file, verdict, alerts, further, devices, notes }: ReportedScan,
  inWords: (text: string) => string,
): string {
  const more = further > 0 ? `<p>And ${further} more alerts.</p>` : '';
  return `<section>
<h2>${escapeHtml(file)}: ${escapeHtml(verdict)}</h2>
${alerts.map((alert) => articleOf(alert, inWords)).join('\n')}
${more}
${devices.length > 1 ? devicesOf(devices) : ''}
<ul class="notes">${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>
</section>`;
}

function articleOf(
  { severity, sentence, time, meaning, steps, evidence, next }: ReportedAlert,
  inWords: (text: string) => string,
): string {
  const rows = evidence.map(
    ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<article>
<h3><span class="severity ${severity.toLowerCase()}">${severity}</span> ${escapeHtml(sentence)}</h3>
${time === '' ? '' : `<p class="time">${time}</p>`}
<p>${escapeHtml(meaning)}</p>
<h4>What to do</h4>
<ol>${steps.map((step) => `<li>${escapeHtml(step)}</li>`).join('')}</ol>
<h4>Evidence</h4>
<table><tbody>${rows.join('')}</tbody></table>
${next === null ? '' : `<h4>Where to look next</h4>\n<code>${escapeHtml(inWords(next))}</code>`}
</article>`;
}

function devicesOf(devices: ReportedScan['devices']): string {
  const rows = devices.map(({ name, address, flows, alerts, worst }) => {
    const called = name === address ? address : `${name} (${address})`;
    const told = worst === null ? 'none' : `${alerts}, the worst ${worst}`;
    return `<tr><td>${escapeHtml(called)}</td><td>${flows.toLocaleString('en-US')}</td><td>${told}</td></tr>`;
  });
  return `<h3>Devices</h3>
<table><thead><tr><th scope="col">Device</th><th scope="col">Connections</th><th scope="col">Alerts</th></tr></thead>
<tbody>${rows.join('')}</tbody></table>`;
}
