import { z } from 'zod';

export const errorSchema = z.object({
  /** What happened and where. */
  error: z.string(),
  /** How to mend it. */
  hint: z.string(),
  code: z.string(),
});
export type ErrorBody = z.infer<typeof errorSchema>;
