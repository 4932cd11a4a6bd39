/** The answers that a route declares: its own, and the error that any of them may give. */
import { z } from 'zod';
import { errorSchema } from '../contract.ts';

const failures = { '4xx': errorSchema, '5xx': errorSchema };

export const answer = <Schema>(schema: Schema) => ({ 200: schema, ...failures });

/** For what has nothing to say. */
export const noContent = { 204: z.null(), ...failures };
