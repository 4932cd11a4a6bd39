/** The numbers of the published detector, whose alerts are rows of windows and no findings. */
import type { EvidenceJson } from '../evidence-json.ts';
import { counted, type Fact, said } from '../fact.ts';

/** As alerts name it. */
export const PUBLISHED = 'lstm-autoencoder';

export const published = ({ anomalous_windows, worst_error, threshold }: EvidenceJson): Fact[] => [
  counted('Unusual stretches', Number(anomalous_windows)),
  counted('Largest error', Number(worst_error)),
  counted('Largest usual error', Number(threshold)),
  said('Noticed by', 'the published autoencoder'),
];
