/** Telegram: a bot writes into a chat. Plain text without parse mode, so that no name in it is markup. */
import { z } from 'zod';
import { type HttpReply, requireSuccess } from '../transport/http-post.ts';
import { secretSchema } from '../transport/secret.ts';
import { certificateAuthority, httpUrl } from '../transport/shared-setting.ts';
import { defineChannel } from './define-channel.ts';

const MAX_CHARACTERS = 4096;

export const telegram = defineChannel({
  kind: 'telegram',
  label: 'Telegram',
  settings: z.strictObject({
    token: secretSchema.describe('Token of the bot, from @BotFather.'),
    chat: z
      .string()
      .regex(/^(-?\d{1,20}|@\w{5,32})$/, { error: 'is neither the number of a chat nor the @name of a channel' })
      .describe('Number of the chat, or @name of the channel.'),
    url: httpUrl.default('https://api.telegram.org').describe('Address of the Bot API server.'),
    ca: certificateAuthority,
  }),

  create: ({ token, chat, url, ca }, { post, reveal }) => ({
    async send({ title, text, severity }, signal) {
      const full = `${title}\n\n${text}`;
      const body = JSON.stringify({
        chat_id: chat,
        text: full.length > MAX_CHARACTERS ? `${full.slice(0, MAX_CHARACTERS - 1).toWellFormed()}…` : full,
        link_preview_options: { is_disabled: true },
        disable_notification: severity === 'Low',
      });
      const endpoint = `${url.replace(/\/$/, '')}/bot${encodeURIComponent(reveal(token))}/sendMessage`;
      const reply = await post({ url: endpoint, body, ca, signal, readBytes: 2048 });
      requireSuccess({ ...reply, retryAfterMs: retryAfterOf(reply) });
    },
  }),
});

/** Telegram says in the body how long to wait. */
function retryAfterOf({ status, body, retryAfterMs }: HttpReply): number | null {
  if (status !== 429) return retryAfterMs;
  const seconds = /"retry_after"\s*:\s*(\d{1,6})/.exec(body);
  return seconds ? Number(seconds[1]) * 1000 : retryAfterMs;
}
