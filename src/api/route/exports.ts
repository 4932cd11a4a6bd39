/** Alerts, devices and scans as files; connections are exported where they are searched. */
import { z } from 'zod';
import type { Store } from '../../store/store.ts';
import type { App } from '../app.ts';
import { alertColumns, deviceColumns, scanColumns } from '../export/columns.ts';
import { exportAnswers, formatQuery, sendTable } from '../export/send.ts';
import type { LiveMonitor } from '../port/live-monitor.ts';

const querystring = z.strictObject({ format: formatQuery });
const PAGE = 200;
const describe = (what: string) => ({
  schema: { summary: `${what} as a file: CSV, JSON, JSON lines or Parquet`, querystring, response: exportAnswers },
});

export function exportRoutes(app: App, { store, monitor }: { store: Store; monitor?: LiveMonitor }): void {
  async function* scanPages() {
    for (let before: number | undefined; ; ) {
      const page = await store.scanSummaries({ limit: PAGE, before });
      yield page;
      if (page.length < PAGE) return;
      before = page[page.length - 1].id;
    }
  }
  app.get('/api/v1/scans/export', describe('All scans, newest first,'), async ({ query: { format } }, reply) =>
    sendTable(reply, { name: 'scans', columns: scanColumns, pages: scanPages }, format),
  );
  if (!monitor) return;

  async function* alertPages(live: LiveMonitor) {
    for (let before: number | undefined; ; ) {
      const { alerts, next_before } = await live.alerts({ limit: PAGE, before });
      yield alerts;
      if (next_before === null) return;
      before = next_before;
    }
  }
  app.get('/api/v1/alerts/export', describe('All alerts, newest first,'), async ({ query: { format } }, reply) =>
    sendTable(reply, { name: 'alerts', columns: alertColumns, pages: () => alertPages(monitor) }, format),
  );
  app.get('/api/v1/devices/export', describe('All devices'), async ({ query: { format } }, reply) => {
    const { devices } = await monitor.devices();
    const pages = async function* () {
      yield devices;
    };
    return sendTable(reply, { name: 'devices', columns: deviceColumns, pages }, format);
  });
}
