/** Reading what was found: the published /history and /scan/<id>, and their fuller sisters under /api/v1. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { ScanRecord, Store } from '../../store/store.ts';
import type { App } from '../app.ts';
import { historySchema, scanListSchema, scanReportSchema, scanSchema } from '../contract.ts';
import { reportText, scanText, sendJsonText, toHistoryRow, toSummary } from '../json/scan.ts';
import { answer, noContent } from './answer.ts';

/** Scans with their findings that are in memory at once while the history is written. */
const HISTORY_PAGE = 20;

const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Only scans older than this id: `next_before` of the page before. */
  before: z.coerce.number().int().positive().optional(),
});

export function scanRoutes(app: App, store: Store): void {
  const find = async (text: string): Promise<ScanRecord> => {
    const id = scanId(text);
    const scan = id > 0 ? await store.scan(id) : undefined;
    if (!scan) throw new AppError('scan_not_found', {});
    return scan;
  };
  const params = z.object({ id: z.string() });

  app.get(
    '/history',
    { schema: { summary: 'All scans, oldest first', response: answer(historySchema) } },
    async (_request, reply) => {
      const rows = historyText(store);
      // The first piece before the answer begins: a store that fails is an error, not half an answer.
      const first = await rows.next();
      const body = async function* () {
        yield first.value;
        yield* rows;
      };
      return sendJsonText(reply, Readable.from(body()));
    },
  );

  app.get(
    '/scan/:id',
    { schema: { summary: 'One scan', params, response: answer(scanSchema) } },
    async (request, reply) => sendJsonText(reply, scanText(await find(request.params.id))),
  );

  app.get(
    '/api/v1/scans',
    {
      schema: {
        summary: 'Scans without their findings, newest first',
        querystring: listQuery,
        response: answer(scanListSchema),
      },
    },
    async (request) => {
      const { limit, before } = request.query;
      const scans = await store.scanSummaries({ limit: limit + 1, before });
      const page = scans.slice(0, limit);
      return { scans: page.map(toSummary), next_before: scans.length > limit ? page[limit - 1].id : null };
    },
  );

  app.get(
    '/api/v1/scans/:id',
    { schema: { summary: 'One scan with its alerts', params, response: answer(scanReportSchema) } },
    async (request, reply) => sendJsonText(reply, reportText(await find(request.params.id))),
  );

  app.delete(
    '/api/v1/scans/:id',
    { schema: { summary: 'Delete a scan, for good', params, response: noContent } },
    async (request, reply) => {
      if (!(await store.removeScan(scanId(request.params.id)))) throw new AppError('scan_not_found', {});
      return reply.status(204).send(null);
    },
  );
}

/** 0 for what is no number of a scan. */
const scanId = (text: string): number => (/^\d{1,15}$/.test(text) ? Number(text) : 0);

/** The JSON array of all scans, page by page: however long the history, little of it is in memory. */
async function* historyText(store: Store): AsyncGenerator<string, undefined> {
  let after = 0;
  let text = '[';
  for (;;) {
    const page = await store.scanDetails({ after, limit: HISTORY_PAGE });
    const rows = page.map((scan) => JSON.stringify(toHistoryRow(scan))).join(',');
    text += after > 0 && page.length > 0 ? `,${rows}` : rows;
    if (page.length < HISTORY_PAGE) {
      yield `${text}]`;
      return;
    }
    yield text;
    text = '';
    after = page[page.length - 1].id;
  }
}
