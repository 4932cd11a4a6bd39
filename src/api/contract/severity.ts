import { z } from 'zod';

export const severitySchema = z.enum(['Low', 'Medium', 'High', 'Critical']);
export type Severity = z.infer<typeof severitySchema>;
