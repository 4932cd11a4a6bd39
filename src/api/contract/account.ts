/** Accounts, sessions, tokens and the audit log. Times are seconds since 1970 UTC. */
import { z } from 'zod';

export const roles = ['viewer', 'operator', 'admin'] as const;
export const tokenScopes = ['read', 'upload', 'operate', 'admin'] as const;
export type AccountRole = (typeof roles)[number];
export type TokenScope = (typeof tokenScopes)[number];

const roleSchema = z.enum(roles);
const scopeSchema = z.enum(tokenScopes);
const email = z.email().max(254);
const name = z.string().trim().min(1).max(80);
/** What makes a good one is said when it is chosen; here it only has to be a text of some size. */
const password = z.string().min(1).max(256);

/** What the page knows before anything else: whether somebody is signed in, and what there is to do. */
export const sessionStateSchema = z.object({
  /** `open`: started with --no-auth, there are no accounts. */
  mode: z.enum(['accounts', 'open']),
  /** There is no account yet: the set-up link makes the first. */
  needs_set_up: z.boolean(),
  /** Ways to sign in: with a password, and with the provider of that name. */
  sign_in: z.object({ passwords: z.boolean(), provider: z.string().nullable() }),
  user: z
    .object({ id: z.string(), name: z.string(), email: z.string(), role: roleSchema, two_factor: z.boolean() })
    .nullable(),
});
export type SessionState = z.infer<typeof sessionStateSchema>;

export const signInSchema = z.strictObject({ email: z.string().min(1).max(254), password });
export const signedInSchema = z.object({
  /** The password was right; the code of the authenticator comes next. */
  two_factor: z.boolean(),
});
export type SignedIn = z.infer<typeof signedInSchema>;
export const codeSchema = z.strictObject({
  code: z.string().trim().min(4).max(32),
  /** One of the codes for the day on which the authenticator is lost. */
  recovery: z.boolean().default(false),
});
export const setUpSchema = z.strictObject({ token: z.string().min(1).max(200), name, email, password });

export const browserSessionSchema = z.object({
  id: z.string(),
  /** This one. */
  current: z.boolean(),
  created: z.number(),
  seen: z.number(),
  address: z.string(),
  /** As the browser calls itself. */
  agent: z.string(),
});
export const ownAccountSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: roleSchema,
  two_factor: z.boolean(),
  sessions: z.array(browserSessionSchema),
});
export type OwnAccount = z.infer<typeof ownAccountSchema>;
export type BrowserSession = z.infer<typeof browserSessionSchema>;
export const passwordChangeSchema = z.strictObject({ current: password, new: password });
export const passwordSchema = z.strictObject({ password });

export const twoFactorSchema = z.object({
  /** For the authenticator: `otpauth://…`, and the key in it for typing. */
  uri: z.string(),
  secret: z.string(),
  recovery_codes: z.array(z.string()),
});
export type TwoFactor = z.infer<typeof twoFactorSchema>;
export const recoveryCodesSchema = z.object({ recovery_codes: z.array(z.string()) });

export const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: roleSchema,
  disabled: z.boolean(),
  two_factor: z.boolean(),
  created: z.number(),
});
export type User = z.infer<typeof userSchema>;
export const userListSchema = z.object({ users: z.array(userSchema) });
export const newUserSchema = z.strictObject({ name, email, password, role: roleSchema });
export const userChangeSchema = z.strictObject({
  name: name.optional(),
  role: roleSchema.optional(),
  disabled: z.boolean().optional(),
});

export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(scopeSchema),
  created: z.number(),
  expires: z.number().nullable(),
  used: z.number().nullable(),
  used_from: z.string().nullable(),
  /** E-mail address of whom it is. */
  owner: z.string(),
});
export type ApiToken = z.infer<typeof tokenSchema>;
export const tokenListSchema = z.object({ tokens: z.array(tokenSchema) });
export const newTokenSchema = z.strictObject({
  name,
  scopes: z.array(scopeSchema).min(1).max(tokenScopes.length),
  /** Days until it ends by itself; null for never. */
  days: z.int().min(1).max(3650).nullable(),
});
export const madeTokenSchema = z.object({
  id: z.string(),
  /** Shown this once. */
  token: z.string(),
});
export type MadeToken = z.infer<typeof madeTokenSchema>;

export const auditEntrySchema = z.object({
  id: z.int(),
  ts: z.number(),
  /** E-mail address, or who it was where there is none. */
  actor: z.string(),
  via: z.string(),
  address: z.string(),
  action: z.string(),
  target: z.string(),
  outcome: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export const auditListSchema = z.object({ entries: z.array(auditEntrySchema), next_before: z.int().nullable() });
export type AuditList = z.infer<typeof auditListSchema>;
