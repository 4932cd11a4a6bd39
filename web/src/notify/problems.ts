/** What the server found wrong in a form, to be said beside the field. */
import { useEffect, useRef } from 'react';
import { ApiError } from '../api.ts';

export type ProblemOf = (field: string, label: string) => string | undefined;

/** Problems below a path: "rules.2" for the third rule, empty for a form of its own. */
export function problemsOf(error: Error | null, prefix = ''): ProblemOf {
  const fields = error instanceof ApiError ? error.fields : [];
  return (field, label) => {
    const path = prefix ? `${prefix}.${field}` : field;
    const found = fields.find((one) => one.field === path || one.field.startsWith(`${path}.`));
    if (!found) return undefined;
    // Some are sentences of their own, the others go on from the name of the field.
    if (/^\p{Lu}/u.test(found.problem)) return found.problem;
    const line = /\.(\d+)$/.exec(found.field.slice(path.length))?.[1];
    return `${label}${line === undefined ? '' : `, line ${Number(line) + 1},`} ${found.problem}.`;
  };
}

/** Ref for a form: after an answer that refuses it, the first field that is wrong has the focus. */
export function useFocusOnProblem(error: Error | null) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return form;
}
