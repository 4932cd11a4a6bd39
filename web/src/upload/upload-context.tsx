/** The uploads of this page, one after the other: they go on while their owner looks at other views. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Status } from '../../../src/api/contract.ts';
import { ApiError } from '../api.ts';
import { formatLimit } from '../format.ts';
import { subscribeLive } from '../live.ts';
import { scansKey } from '../queries.ts';
import { navigate } from '../router.tsx';
import { createRequestId, type Sending, sendFile } from './send-file.ts';

export type UploadState =
  | { phase: 'idle' }
  | { phase: 'sending' | 'analysing'; name: string; bytes: number; fraction: number; waiting: number }
  /** What failed last; `done` counts the files that were analysed all the same. */
  | { phase: 'failed'; name: string; error: ApiError; done: number }
  /** The last of `done` files. */
  | { phase: 'done'; name: string; scanId: number; done: number };

interface Upload {
  state: UploadState;
  /** One after the other; more may come while some are under way. */
  start(files: readonly File[]): void;
  /** The file under way and those that wait. */
  cancel(): void;
  dismiss(): void;
}

const UploadContext = createContext<Upload | null>(null);

export function UploadProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<UploadState>({ phase: 'idle' });
  const running = useRef<{ requestId: string; sending: Sending } | null>(null);
  const waiting = useRef<File[]>([]);
  const queries = useQueryClient();

  useEffect(
    () =>
      subscribeLive((event) => {
        if (event.type === 'scan.finished') {
          void queries.invalidateQueries({ queryKey: scansKey });
          void queries.invalidateQueries({ queryKey: ['status'] });
        }
        if (event.type !== 'scan.progress' || event.request_id !== running.current?.requestId) return;
        setState((now) => (now.phase === 'analysing' ? { ...now, fraction: event.fraction } : now));
      }),
    [queries],
  );

  const isUnderWay = state.phase === 'sending' || state.phase === 'analysing';
  useEffect(() => {
    if (!isUnderWay) return;
    // The browser asks in its own words.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isUnderWay]);

  const sendOne = useCallback(
    async (file: File): Promise<number> => {
      const { name, size: bytes } = file;
      const most = queries.getQueryData<Status>(['status'])?.limits;
      // Whatever it holds, the server would refuse it at its end.
      if (most && bytes > Math.max(most.text_bytes, most.capture_bytes)) throw tooLarge(file, most);
      const requestId = createRequestId();
      const onSent = (fraction: number) => {
        const now = { name, bytes, waiting: waiting.current.length };
        setState(fraction < 1 ? { phase: 'sending', ...now, fraction } : { phase: 'analysing', ...now, fraction: 0 });
      };
      onSent(0);
      const sending = sendFile(file, { requestId, onSent });
      running.current = { requestId, sending };
      return (await sending.result).scan_id;
    },
    [queries],
  );

  const sendAll = useCallback(async () => {
    const startedAt = window.location.pathname;
    let done = 0;
    let last: UploadState = { phase: 'idle' };
    let failed: UploadState | null = null;
    for (let file = waiting.current.shift(); file; file = waiting.current.shift()) {
      const { name } = file;
      try {
        const scanId = await sendOne(file);
        last = { phase: 'done', name, scanId, done: ++done };
      } catch (error) {
        if (error instanceof ApiError) failed = { phase: 'failed', name, error: withLimits(error, queries), done };
      }
    }
    running.current = null;
    await queries.invalidateQueries({ queryKey: scansKey, refetchType: 'none' });
    // Whoever has gone on to another view is told, not carried away.
    const stays = window.location.pathname === startedAt;
    if (failed) setState({ ...failed, done });
    else if (last.phase === 'done' && stays) {
      setState({ phase: 'idle' });
      navigate(done === 1 ? `/scans/${last.scanId}` : '/scans');
    } else setState(last);
  }, [queries, sendOne]);

  const start = useCallback(
    (files: readonly File[]) => {
      const isRunning = running.current !== null || waiting.current.length > 0;
      waiting.current.push(...files);
      if (isRunning) setState((now) => ('waiting' in now ? { ...now, waiting: waiting.current.length } : now));
      else void sendAll();
    },
    [sendAll],
  );

  const cancel = useCallback(() => {
    waiting.current = [];
    running.current?.sending.cancel();
  }, []);
  const dismiss = useCallback(() => setState({ phase: 'idle' }), []);
  const value = useMemo(() => ({ state, start, cancel, dismiss }), [state, start, cancel, dismiss]);
  return <UploadContext value={value}>{children}</UploadContext>;
}

function tooLarge({ name, size }: File, limits: Status['limits']): ApiError {
  return new ApiError(413, {
    error: `“${name}” has ${formatLimit(size)}, which is more than Guardian takes.`,
    hint: `A log may have up to ${formatLimit(limits.text_bytes)}, a capture up to ${formatLimit(limits.capture_bytes)}. Split it, or scan it on the command line, where any size will do.`,
    code: 'too_large',
  });
}

/** A server that stops reading a file that is too large may be gone before its answer is read. */
function withLimits(error: ApiError, queries: QueryClient): ApiError {
  const limits = queries.getQueryData<Status>(['status'])?.limits;
  if (error.code !== 'unreachable' || !limits) return error;
  return new ApiError(0, {
    error: 'The connection was lost while the file was sent.',
    hint: `Try again. A log may have up to ${formatLimit(limits.text_bytes)}, a capture up to ${formatLimit(limits.capture_bytes)}.`,
    code: 'connection_lost',
  });
}

export function useUpload(): Upload {
  const upload = use(UploadContext);
  if (!upload) throw new Error('useUpload needs an UploadProvider around it.');
  return upload;
}
