/** What only some may do is not offered to the others; the server asks anyway. */
import type { ReactNode } from 'react';
import type { AccountRole } from '../../../src/api/contract.ts';
import { useMay } from './queries.ts';

export function May({ as: role, children }: { as: AccountRole; children: ReactNode }) {
  return useMay(role) ? children : null;
}
