/** Severity by how far an error stands above its threshold, as published: > 2 Critical, > 1.5 High, > 1.2 Medium, else Low. */

export const severities = ['Low', 'Medium', 'High', 'Critical'] as const;
export type Severity = (typeof severities)[number];

export function severityOf(error: number, threshold: number): Severity {
  const ratio = error / threshold;
  if (ratio > 2) return 'Critical';
  if (ratio > 1.5) return 'High';
  return ratio > 1.2 ? 'Medium' : 'Low';
}

/** Order for sorting and for `--fail-on`: 0 Low to 3 Critical. */
export const severityRank = (severity: Severity): number => severities.indexOf(severity);
