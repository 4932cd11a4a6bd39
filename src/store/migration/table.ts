/** The tables of migrations: a column by its name and type. */
import type { ColumnDataType, ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from 'kysely';

interface Column {
  type: ColumnDataType;
  build: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
}

const required = (type: ColumnDataType): Column => ({ type, build: (column) => column.notNull() });

export const text = required('text');
export const integer = required('integer');
export const bigint = required('bigint');
export const real = required('double precision');
export const bool = required('boolean');
export const date = required('timestamptz');

/** Numbered in the order of writing. */
export const counter: Column = { type: 'integer', build: (column) => column.primaryKey().autoIncrement() };
export const optional = ({ type }: Column): Column => ({ type, build: (column) => column });
export const key = ({ type }: Column): Column => ({ type, build: (column) => column.primaryKey().notNull() });
export const unique = ({ type, build }: Column): Column => ({ type, build: (column) => build(column).unique() });

/** Goes with the row that it names. */
export const reference = ({ type, build }: Column, to: string): Column => ({
  type,
  build: (column) => build(column.references(to).onDelete('cascade')),
});

/** In the order given; `execute` makes it. */
export function table(
  db: Kysely<unknown>,
  name: string,
  columns: Record<string, Column>,
): CreateTableBuilder<string, string> {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name);
  for (const [column, { type, build }] of Object.entries(columns)) builder = builder.addColumn(column, type, build);
  return builder;
}
