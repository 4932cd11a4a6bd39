/** The log of changes, for administrators: a page at a time, or whole as JSON lines. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { StoredAccounts, AuditEntry as StoredEntry } from '../../../store/account/index.ts';
import type { App } from '../../app.ts';
import { type AuditEntry, auditListSchema } from '../../contract.ts';
import { answer } from '../answer.ts';

const EXPORT_PAGE = 500;

const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next_before` of the page before. */
  before: z.coerce.number().int().positive().optional(),
  /** E-mail address. */
  actor: z.string().max(254).optional(),
});

const toJson = (entry: StoredEntry): AuditEntry => ({ ...entry, ts: entry.ts / 1000 });

export function auditRoutes(app: App, { audit }: StoredAccounts): void {
  app.get(
    '/api/v1/audit',
    {
      schema: {
        summary: 'Who has changed what, newest first',
        querystring: listQuery,
        response: answer(auditListSchema),
      },
    },
    async ({ query: { limit, ...query } }) => {
      const found = await audit.list({ ...query, limit: limit + 1 });
      const page = found.slice(0, limit);
      return { entries: page.map(toJson), next_before: found.length > limit ? page[limit - 1].id : null };
    },
  );

  app.get(
    '/api/v1/audit/export',
    {
      schema: {
        summary: 'The whole log of changes, newest first, as JSON lines',
        response: answer({ content: { 'application/x-ndjson': { schema: z.string() } } }),
      },
    },
    async (_request, reply) =>
      reply
        .type('application/x-ndjson')
        .header('content-disposition', 'attachment; filename="guardian-audit.jsonl"')
        .send(Readable.from(lines()) as unknown as string),
  );

  async function* lines(): AsyncGenerator<string> {
    for (let before: number | undefined; ; ) {
      const page = await audit.list({ limit: EXPORT_PAGE, before });
      for (const entry of page) yield `${JSON.stringify(toJson(entry))}\n`;
      if (page.length < EXPORT_PAGE) return;
      before = page[page.length - 1].id;
    }
  }
}
