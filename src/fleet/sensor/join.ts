/** Joins a hub: makes the house's key here, and sends its public half with the code to where only codes are taken. */

import { createUser } from '@nats-io/nkeys';
import { connect } from '@nats-io/transport-node';
import { AppError } from '../../errors.ts';
import { joinAnswerSchema } from '../wire/join.ts';
import { JOIN_USER, joinInbox, joinSubject } from '../wire/subject.ts';
import type { Membership } from './membership.ts';

export interface JoinOptions {
  server: string;
  ca?: string;
  code: string;
}

const ANSWER_MS = 20_000;

/** Rejects with AppError `broker_without_tls`, `broker_unreachable` or `join_refused`. */
export async function joinHub({ server, ca, code }: JoinOptions): Promise<Membership & { seed: string }> {
  if (ca === undefined && !isHere(server)) throw new AppError('broker_without_tls', { server });
  const key = createUser();
  let text: string;
  try {
    const nats = await connect({
      servers: [server],
      ...(ca !== undefined && { tls: { ca } }),
      user: JOIN_USER,
      pass: JOIN_USER,
      inboxPrefix: joinInbox,
      timeout: ANSWER_MS,
      reconnect: false,
    });
    try {
      const request = JSON.stringify({ code: code.trim(), key: key.getPublicKey() });
      text = (await nats.request(joinSubject, request, { timeout: ANSWER_MS })).string();
    } finally {
      await nats.close();
    }
  } catch (error) {
    throw new AppError('broker_unreachable', { server, reason: (error as Error).message }, { cause: error });
  }
  const answer = joinAnswerSchema.parse(JSON.parse(text));
  if ('refused' in answer) throw new AppError('join_refused', { reason: answer.refused });
  const seed = new TextDecoder().decode(key.getSeed());
  return { servers: [server], ...(ca !== undefined && { ca }), ...answer, seed };
}

/** On this machine nobody stands between. */
function isHere(server: string): boolean {
  const host = URL.parse(server.includes('://') ? server : `nats://${server}`)?.hostname ?? '';
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}
