/** What a house that wants to join sends, and what it is told. */
import { z } from 'zod';

export const joinRequestSchema = z.object({
  code: z.string().max(100),
  /** Public half of the house's own key, an NKey of a user. */
  key: z.string().regex(/^U[A-Z2-7]{55}$/),
});

export const joinAnswerSchema = z.union([
  z.object({ sensor: z.string(), site: z.string() }),
  z.object({ refused: z.string() }),
]);
export type JoinAnswer = z.infer<typeof joinAnswerSchema>;
