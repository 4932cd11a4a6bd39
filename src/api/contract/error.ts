import { z } from 'zod';

export const errorSchema = z.object({
  /** What happened and where. */
  error: z.string(),
  /** How to mend it. */
  hint: z.string(),
  code: z.string(),
  /** Where settings were sent: which of them are wrong, by path, and what a sentence that begins with one would say. */
  fields: z.array(z.object({ field: z.string(), problem: z.string() })).optional(),
});
export type ErrorBody = z.infer<typeof errorSchema>;
