/** How other devices reach this Guardian, and what they are to trust. */
import { z } from 'zod';

export const authoritySchema = z.object({
  authority: z
    .object({
      name: z.string().describe('As certificates show it'),
      fingerprint: z.string().describe('SHA-256 of its certificate: two digits and a colon for each byte'),
      expires: z.number().describe('Unix seconds'),
    })
    .nullable()
    .describe('The local certificate authority; null without HTTPS, and with a certificate of the owner'),
});
export type AuthorityAnswer = z.infer<typeof authoritySchema>;

export const reachSchema = z.object({
  urls: z.array(z.string()).describe('Addresses under which browsers open it, the best first'),
  https: z.boolean(),
  this_machine_only: z.boolean().describe('Other devices are not answered'),
});
export type Reach = z.infer<typeof reachSchema>;
