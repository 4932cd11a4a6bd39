/** A scan for people: on a terminal, and as a page. */
export { renderHtml } from './html.ts';
export { type ReportedScan, toReport } from './scan-report.ts';
export { renderText } from './text.ts';
