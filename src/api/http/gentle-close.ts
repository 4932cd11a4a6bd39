/**
 * Ends a connection whose request is not read to its end. Closing at once would make the kernel reset it, and the
 * client, still sending, would never see the answer; reading on would let it send for ever. So: answer, close our
 * half, and throw away a bounded rest.
 */
import type { FastifyReply } from 'fastify';

/** How long and how much of the rest is thrown away. */
const LINGER_MS = 2000;
const LINGER_BYTES = 32 * 1024 * 1024;

/** Call before the reply is sent. */
export function closeGently(reply: FastifyReply): void {
  const { raw: request } = reply.request;
  const { socket } = request;
  reply.header('connection', 'close');
  // Node calls destroySoon once the last answer is written.
  socket.destroySoon = () => {
    socket.end();
    const limit = socket.bytesRead + LINGER_BYTES;
    const deadline = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    request.on('data', () => {
      if (socket.bytesRead > limit) socket.destroy();
    });
    request.on('end', () => socket.destroy());
    socket.on('close', () => clearTimeout(deadline));
    request.resume();
  };
}
