/** The kinds of alerts and their titles for the page: the words themselves stay on the server. */
import { findingKinds, kindWords } from '../src/alert/words/index.ts';

const key = (kind: string): string => (kind.includes('-') ? `'${kind}'` : kind);

export const renderKinds =
  (): string => `/** Generated from src/alert/words/: node scripts/node.cjs scripts/generate.ts */
import type { Alert } from '../../../src/api/contract.ts';

export const kindsInWords: Readonly<Record<Alert['kind'], string>> = {
${findingKinds.map((kind) => `  ${key(kind)}: '${kindWords(kind).title}',`).join('\n')}
};
`;
