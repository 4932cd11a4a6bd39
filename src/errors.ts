/**
 * Operational failures: one table of code, HTTP status, exit code, message and way out, a file of errors/ for each area.
 * Bad traffic is not here (it is a counted weird), nor are bugs (they throw plain errors and stop the unit).
 * docs/errors.md is generated from this table.
 */
import { accountErrors } from './errors/account.ts';
import { commandErrors } from './errors/command.ts';
import type { ErrorEntry, ExitCode } from './errors/entry.ts';
import { fleetErrors } from './errors/fleet.ts';
import { inputErrors } from './errors/input.ts';
import { liveErrors } from './errors/live.ts';
import { modelErrors } from './errors/model.ts';
import { notifyErrors } from './errors/notify.ts';
import { serverErrors } from './errors/server.ts';
import { storeErrors } from './errors/store.ts';

export const errorTable = {
  ...inputErrors,
  ...commandErrors,
  ...modelErrors,
  ...liveErrors,
  ...storeErrors,
  ...notifyErrors,
  ...serverErrors,
  ...accountErrors,
  ...fleetErrors,
} satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

type Placeholders<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
/** The parameters that a code's message and hint name. */
export type ErrorParameters<C extends ErrorCode> = {
  [K in Placeholders<(typeof errorTable)[C]['message']> | Placeholders<(typeof errorTable)[C]['hint']>]:
    | string
    | number;
};

const fill = (template: string, parameters: Record<string, string | number>): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));

/** An operational failure that the owner can act on. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError';
  readonly code: C;
  readonly status: number;
  readonly exit: ExitCode;
  readonly hint: string;
  readonly parameters: ErrorParameters<C>;

  constructor(code: C, parameters: ErrorParameters<C>, options?: ErrorOptions) {
    const entry: ErrorEntry = errorTable[code];
    super(fill(entry.message, parameters), options);
    this.code = code;
    this.status = entry.status;
    this.exit = entry.exit;
    this.hint = fill(entry.hint, parameters);
    this.parameters = parameters;
  }

  /** One line for a terminal or an API answer: what happened, how to mend it, and the code at the end. */
  toLine(): string {
    return `${this.message} ${this.hint} (${this.code})`;
  }
}
