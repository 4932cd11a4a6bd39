/** Severity is an icon and a word; colour only helps. */
import type { Severity } from '../../../src/api/contract.ts';
import { Icon, type IconName } from './icon.tsx';

/** From worst to least. */
export const severities: readonly Severity[] = ['Critical', 'High', 'Medium', 'Low'];

const icons: Record<Severity, IconName> = { Critical: 'critical', High: 'high', Medium: 'medium', Low: 'info' };

/** `plain`: a word of an expert's table, which alarms nobody. */
export function SeverityBadge({ severity, plain = false }: { severity: Severity; plain?: boolean }) {
  if (plain) return <span className="severity severity-plain">{severity}</span>;
  return (
    <span className={`severity severity-${severity.toLowerCase()}`}>
      <Icon name={icons[severity]} />
      {severity}
    </span>
  );
}
