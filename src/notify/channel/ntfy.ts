/** ntfy: push to a phone through ntfy.sh or a server of one's own, published as JSON (docs.ntfy.sh/publish). */
import { z } from 'zod';
import type { Severity } from '../../alert/severity.ts';
import { requireSuccess } from '../transport/http-post.ts';
import { secretSchema } from '../transport/secret.ts';
import { certificateAuthority, httpUrl } from '../transport/shared-setting.ts';
import { defineChannel } from './define-channel.ts';

/** ntfy's scale: 3 is ordinary, 5 rings through. */
const priorities: Record<Severity, number> = { Low: 2, Medium: 3, High: 4, Critical: 5 };
const tags: Record<Severity, string> = {
  Low: 'information_source',
  Medium: 'warning',
  High: 'warning',
  Critical: 'rotating_light',
};
/** Longer ones arrive as an attachment. */
const MAX_BYTES = 4096;

export const ntfy = defineChannel({
  kind: 'ntfy',
  label: 'ntfy',
  settings: z.strictObject({
    url: httpUrl.default('https://ntfy.sh').describe('Address of the ntfy server.'),
    topic: z
      .string()
      .regex(/^[\w-]{1,64}$/, { error: 'may have letters, digits and dashes, 64 at most' })
      .describe('Topic; on a public server whoever knows it can read along, so choose one that nobody guesses.'),
    token: secretSchema.optional().describe('Access token, where the server wants one.'),
    ca: certificateAuthority,
  }),

  create: ({ url, topic, token, ca }, { post, reveal }) => ({
    async send({ id, title, text, severity, type }, signal) {
      const headers: Record<string, string> = { 'idempotency-key': id };
      if (token) headers.authorization = `Bearer ${reveal(token)}`;
      const priority = type === 'test' ? 3 : priorities[severity];
      const body = JSON.stringify({ topic, title, message: cut(text), priority, tags: [tags[severity]] });
      requireSuccess(await post({ url, headers, body, ca, signal }));
    },
  }),
});

function cut(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= MAX_BYTES
    ? text
    : `${bytes
        .subarray(0, MAX_BYTES - 8)
        .toString('utf8')
        .replace(/\ufffd$/, '')}…`;
}
