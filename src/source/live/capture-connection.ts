/** A capture out of a Unix socket: one connection to the service of another user that has the right to capture. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { CaptureSocket, ToolCounters } from './tool.ts';

export class CaptureConnection {
  /** Nothing is known of them: the service tells its counts to its journal alone. */
  readonly counters: ToolCounters = { captured: 0, dropped: 0, received: 0 };
  /** Bytes of the capture that came so far. */
  bytes = 0;
  readonly answers = 0;
  /** Why it ended, once it has. */
  end: string | null = null;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  /** The tool is another user's process. */
  readonly pid = undefined;
  readonly #name: string;
  readonly #socket: Socket;

  constructor({ name, socket }: CaptureSocket) {
    this.#name = name;
    this.#socket = connect(socket);
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      const denied = error.code === 'EACCES' ? ': permission denied' : '';
      this.end ??= `${name} cannot be reached at ${socket}${denied || `: ${error.code ?? error.message}`}`;
    });
    this.closed = once(this.#socket, 'close').then(
      () => this.#closed(),
      () => this.#closed(),
    );
  }

  /** The capture as it comes; taking it slowly fills the socket, then the kernel's buffer. */
  async *chunks(): AsyncGenerator<Uint8Array, void, void> {
    try {
      for await (const chunk of this.#socket) {
        this.bytes += (chunk as Uint8Array).length;
        yield chunk as Uint8Array;
      }
    } catch (error) {
      // Why it ended is said by `end`.
      if (!this.#socket.destroyed) throw error;
    }
  }

  ask(): boolean {
    return false;
  }

  /** The tool ends with the next packet that it cannot hand over. */
  async stop(): Promise<void> {
    this.#socket.destroy();
    await this.closed;
  }

  kill(reason: string): void {
    this.end ??= reason;
    this.#socket.destroy();
  }

  #closed(): void {
    const nothing = this.bytes === 0 ? ' before it captured anything: see "journalctl -u \'guardian-capture@*\'"' : '';
    this.end ??= `${this.#name} closed the connection${nothing}`;
  }
}
