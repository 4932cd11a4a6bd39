/** An export as an answer: a file that the browser keeps, written while it is read. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { errorSchema } from '../contract.ts';
import { type ExportFormat, exportFormats, type Table } from './table.ts';

export const formatQuery = z.enum(Object.keys(exportFormats) as [ExportFormat, ...ExportFormat[]]).default('csv');

export const exportAnswers = {
  200: { content: Object.fromEntries(Object.values(exportFormats).map(({ type }) => [type, { schema: z.any() }])) },
  '4xx': errorSchema,
  '5xx': errorSchema,
};

/** The first page is read before the answer begins: what fails at once is an error, not half a file. */
export async function sendTable<Row>(
  reply: FastifyReply,
  table: Table<Row>,
  format: ExportFormat,
): Promise<FastifyReply> {
  const { type, write } = exportFormats[format];
  const pages = table.pages()[Symbol.asyncIterator]();
  const first = await pages.next();
  const all = async function* () {
    for (let page = first; !page.done; page = await pages.next()) yield page.value;
  };
  return reply
    .type(type)
    .header('content-disposition', `attachment; filename="guardian-${table.name}.${format}"`)
    .send(Readable.from(write({ ...table, pages: all }), { objectMode: false }));
}
