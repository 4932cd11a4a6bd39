/**
 * What systemd is told of a running server, where it started it: that it is ready, that it is alive, that it ends. Node has
 * no datagram sockets of Unix, so systemd's own program carries the word.
 */
import { spawn } from 'node:child_process';

export interface ServiceManager {
  /** The server listens; from now on it says as often as it is asked to that it is alive. */
  ready(status: string): void;
  stopping(): void;
}

type Environment = Record<string, string | undefined>;

/** A part of the time that is granted, so that one word may be lost. */
const SHARE = 3;

/** Null where nobody listens. `isAlive` answers once the parts of the server answer. */
export function serviceManager(env: Environment, isAlive: () => Promise<unknown>): ServiceManager | null {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: granted, PATH } = env;
  if (socket === undefined) return null;
  const tell = (...words: string[]): void => {
    const child = spawn('systemd-notify', words, {
      stdio: 'ignore',
      env: { PATH: PATH ?? '/usr/bin:/bin', NOTIFY_SOCKET: socket },
    });
    // Without it systemd ends the start after its time, and says which word it has missed.
    child.on('error', () => {});
  };
  const everyMs = Number(granted ?? 0) / 1_000 / SHARE;
  let asking = false;
  const beat = async (): Promise<void> => {
    // A store that hangs is asked once; without its answer there is no word, and systemd starts the server again.
    if (asking) return;
    asking = true;
    // A refusal, as of a full disk, is an answer too.
    await isAlive().catch(() => {});
    tell('WATCHDOG=1');
    asking = false;
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    ready(status) {
      tell('--ready', `--status=${status}`);
      if (everyMs > 0) timer = setInterval(() => void beat(), everyMs).unref();
    },
    stopping() {
      clearInterval(timer);
      tell('STOPPING=1');
    },
  };
}
