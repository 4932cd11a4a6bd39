/** Exit codes: 0 fine, 1 something found (--fail-on), 2 wrong use, 3 bad input, 4 environment. */
export type ExitCode = 2 | 3 | 4;

/** One failure. One line per field keeps the tables greppable. */
export interface ErrorEntry {
  /** Of HTTP. */
  readonly status: number;
  readonly exit: ExitCode;
  /** Sentence of what happened and where; `{name}` is filled from the parameters. */
  readonly message: string;
  /** How to mend it. */
  readonly hint: string;
}
