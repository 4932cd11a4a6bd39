import { z } from 'zod';
import { severities } from '../../alert/severity.ts';

export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;
