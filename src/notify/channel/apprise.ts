/** Apprise API: hands the message to any of the hundred services that an Apprise server knows. */
import { z } from 'zod';
import type { Severity } from '../../alert/severity.ts';
import { DeliveryError } from '../transport/delivery-error.ts';
import { requireSuccess } from '../transport/http-post.ts';
import { secretSchema } from '../transport/secret.ts';
import { certificateAuthority, httpUrl } from '../transport/shared-setting.ts';
import { defineChannel } from './define-channel.ts';

const types: Record<Severity, string> = { Low: 'info', Medium: 'warning', High: 'warning', Critical: 'failure' };

export const apprise = defineChannel({
  kind: 'apprise',
  label: 'Apprise',
  settings: z
    .strictObject({
      url: httpUrl.describe('Address of the Apprise API server.'),
      key: secretSchema.optional().describe('Key of the configuration that is stored there.'),
      urls: secretSchema
        .optional()
        .meta({ title: 'Apprise URLs' })
        .describe('Apprise URLs (comma separated), where nothing is stored there.'),
      tag: z.string().max(200).optional().describe('Notifies only what has this tag.'),
      ca: certificateAuthority,
    })
    .refine(({ key, urls }) => Boolean(key) !== Boolean(urls), { error: 'Give either a key or URLs.', path: ['key'] }),

  create: ({ url, key, urls, tag, ca }, { post, reveal }) => ({
    async send({ title, text, severity, id }, signal) {
      const path = key ? `/notify/${encodeURIComponent(reveal(key))}` : '/notify';
      const body = JSON.stringify({
        title,
        body: text,
        type: types[severity],
        format: 'text',
        tag,
        urls: urls && reveal(urls),
      });
      const reply = await post({
        url: `${url.replace(/\/$/, '')}${path}`,
        headers: { 'idempotency-key': id },
        body,
        ca,
        signal,
      });
      requireSuccess(reply);
      // Apprise means "there is nobody to tell" with this one.
      if (reply.status === 204) {
        const reason = 'no service is configured there for this key and tag';
        throw new DeliveryError('delivery_refused', { target: reply.host, reason }, { blame: 'settings' });
      }
    },
  }),
});
