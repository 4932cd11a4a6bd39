/** Severity is an icon and a word; colour only helps. */
import type { Severity } from '../../../src/api/contract.ts';
import { Icon, type IconName } from './icon.tsx';

/** From worst to least. */
export const severities: readonly Severity[] = ['Critical', 'High', 'Medium', 'Low'];

const icons: Record<Severity, IconName> = { Critical: 'critical', High: 'high', Medium: 'medium', Low: 'info' };

export function SeverityBadge({ severity }: { severity: Severity }) {
  return (
    <span className={`severity severity-${severity.toLowerCase()}`}>
      <Icon name={icons[severity]} />
      {severity}
    </span>
  );
}
