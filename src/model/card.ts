/** The page that goes with a model: what it is, what it learned from, what to expect of it. No scripts, nothing loaded. */
import { escapeHtml } from './plot.ts';

export interface Card {
  title: string;
  /** Purpose of the model, in a sentence. */
  lead: string;
  /** Name and value. */
  facts: readonly (readonly [string, string])[];
  /** Of one thing seen by the model: name, unit and meaning. */
  features: readonly { name: string; unit: string; meaning: string }[];
  plots: readonly { caption: string; svg: string }[];
  tables: readonly { caption: string; header: readonly string[]; rows: readonly (readonly string[])[] }[];
  /** Limits to know before it is trusted. */
  limits: readonly string[];
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1c2330;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #d8dde6;font-variant-numeric:tabular-nums}
figure{margin:1rem 0}svg{width:100%;height:auto;font-size:11px}svg text{fill:currentColor}figcaption{color:#5a6578}
@media(prefers-color-scheme:dark){body{color:#e3e7ee;background:#14181f}th,td{border-color:#333b48}figcaption{color:#9aa5b5}}`;

const row = (tag: 'th' | 'td', cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead>${row('th', header)}</thead><tbody>${rows.map((cells) => row('td', cells)).join('')}</tbody></table>`;

export function renderCard({ title, lead, facts, features, plots, tables, limits }: Card): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>${STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(lead)}</p>
${table(['', ''], facts)}
${plots.map(({ caption, svg }) => `<figure>${svg}<figcaption>${escapeHtml(caption)}</figcaption></figure>`).join('\n')}
${tables.map(({ caption, header, rows }) => `<h2>${escapeHtml(caption)}</h2>\n${table(header, rows)}`).join('\n')}
<h2>What it does not see</h2>
<ul>${limits.map((limit) => `<li>${escapeHtml(limit)}</li>`).join('')}</ul>
<h2>Features</h2>
${table(
  ['name', 'unit', 'meaning'],
  features.map(({ name, unit, meaning }) => [name, unit, meaning]),
)}
</body></html>
`;
}
