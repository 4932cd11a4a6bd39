/**
 * Webhook: the message as JSON, signed as Standard Webhooks 1.0.0 says (standardwebhooks.com), so that receivers find a
 * ready-made check in any language.
 */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { requireSuccess } from '../transport/http-post.ts';
import { secretSchema } from '../transport/secret.ts';
import { certificateAuthority, httpUrl } from '../transport/shared-setting.ts';
import { defineChannel } from './define-channel.ts';

/** `whsec_` and base64, or any text, taken as its bytes. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);

/** HMAC-SHA256 over `id.timestamp.body`: neither another body nor an old message passes for a new one. */
export const signWebhook = (secret: string, id: string, timestamp: number, body: string): string =>
  `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`;

export const webhook = defineChannel({
  kind: 'webhook',
  label: 'Webhook',
  settings: z.strictObject({
    url: httpUrl.describe('Where the JSON is posted.'),
    signingSecret: secretSchema.optional().describe('Signs every message, so that the receiver knows who sent it.'),
    token: secretSchema.optional().describe('Sent as "Authorization: Bearer".'),
    ca: certificateAuthority,
  }),

  create: ({ url, signingSecret, token, ca }, { post, reveal, clock }) => ({
    async send(message, signal) {
      const { id, type, severity, ts, title, text, alert, briefs, count } = message;
      const timestamp = Math.floor(clock.now() / 1000);
      const body = JSON.stringify({
        id,
        type: `guardian.${type}`,
        timestamp: new Date(ts * 1000).toISOString(),
        data: { severity, title, text, alert, alerts: briefs, count },
      });
      const headers: Record<string, string> = {
        'idempotency-key': id,
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
      };
      if (signingSecret) headers['webhook-signature'] = signWebhook(reveal(signingSecret), id, timestamp, body);
      if (token) headers.authorization = `Bearer ${reveal(token)}`;
      requireSuccess(await post({ url, headers, body, ca, signal }));
    },
  }),
});
