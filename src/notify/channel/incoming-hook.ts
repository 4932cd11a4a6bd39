/** Incoming hooks of chat programs: Slack, Discord, Mattermost, Microsoft Teams, Google Chat. */
import { z } from 'zod';
import type { Message } from '../message/message.ts';
import { requireSuccess } from '../transport/http-post.ts';
import { secretSchema } from '../transport/secret.ts';
import { certificateAuthority } from '../transport/shared-setting.ts';
import { defineChannel } from './define-channel.ts';

/** Below the smallest limit of any of them where the rest is thrown away. */
const MAX_CHARACTERS = 3500;
const DISCORD_CHARACTERS = 2000;
/** Discord fetches no page that a name in the text may point to. */
const SUPPRESS_EMBEDS = 4;

const cut = (text: string, limit: number): string =>
  text.length > limit ? `${text.slice(0, limit - 1).toWellFormed()}…` : text;

/** Slack and Google Chat take `<…>` for links and mentions, and know these three entities. */
const escapeAngles = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** Markdown as the text that it is; a zero-width space keeps an @ from calling anybody. */
const escapeMarkdown = (text: string): string =>
  text.replaceAll(/[\\`*_~|#>[\]<]/g, (mark) => `\\${mark}`).replaceAll('@', '@\u200b');

const plainOf = ({ title, text }: Message): string => `${title}\n${text}`;

/** The body that each of them wants. */
const styles = {
  slack: (message: Message) => ({
    text: escapeAngles(cut(plainOf(message), MAX_CHARACTERS)),
    mrkdwn: false,
    unfurl_links: false,
  }),
  discord: (message: Message) => ({
    content: cut(escapeMarkdown(plainOf(message)), DISCORD_CHARACTERS),
    allowed_mentions: { parse: [] },
    flags: SUPPRESS_EMBEDS,
  }),
  mattermost: (message: Message) => ({ text: escapeMarkdown(cut(plainOf(message), MAX_CHARACTERS)) }),
  // Runs of text are not parsed for markdown, as a TextBlock would be.
  teams: (message: Message) => ({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: message.title, weight: 'Bolder' }] },
            ...cut(message.text, MAX_CHARACTERS)
              .split('\n')
              .filter(Boolean)
              .map((text) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text }] })),
          ],
        },
      },
    ],
  }),
  'google-chat': (message: Message) => ({ text: escapeAngles(cut(plainOf(message), MAX_CHARACTERS)) }),
};

export const incomingHook = defineChannel({
  kind: 'incoming-hook',
  label: 'Slack, Discord, Mattermost, Teams, Google Chat',
  settings: z.strictObject({
    style: z.enum(Object.keys(styles) as [keyof typeof styles]).describe('Whose hook it is.'),
    url: secretSchema
      .meta({ title: 'Address of the hook' })
      .describe('Address of the hook: whoever has it can write there, so it is kept as a secret.'),
    ca: certificateAuthority,
  }),

  create: ({ style, url, ca }, { post, reveal }) => ({
    async send(message, signal) {
      const headers = { 'idempotency-key': message.id };
      requireSuccess(
        await post({ url: reveal(url), headers, body: JSON.stringify(styles[style](message)), ca, signal }),
      );
    },
  }),
});
