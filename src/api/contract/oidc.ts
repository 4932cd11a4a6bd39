/** Signing in with a provider of the owner (OpenID Connect). */
import { z } from 'zod';
import { roles } from './account.ts';

const outcomeSchema = z.object({
  at: z.number().describe('Unix seconds'),
  email: z.string().nullable(),
  groups: z.array(z.string()).describe('As the provider has sent them'),
  role: z.enum(roles).nullable().describe('What they give; null where they give none'),
  error: z.string().nullable(),
});
export type OidcOutcome = z.infer<typeof outcomeSchema>;

export const oidcSettingsSchema = z.object({
  redirect_uri: z.string().describe('To be allowed at the provider, exactly so'),
  passwords: z.boolean().describe('Passwords are taken too'),
  provider: z
    .object({
      issuer: z.string(),
      client_id: z.string(),
      name: z.string(),
      claim: z.string(),
      admins: z.array(z.string()),
      operators: z.array(z.string()),
      viewers: z.array(z.string()),
    })
    .nullable(),
  last: outcomeSchema.nullable().describe('How the latest attempt since the start has ended'),
});
export type OidcSettings = z.infer<typeof oidcSettingsSchema>;

export const oidcTestSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  clock_ahead_seconds: z.number().nullable(),
});
export type OidcTest = z.infer<typeof oidcTestSchema>;
