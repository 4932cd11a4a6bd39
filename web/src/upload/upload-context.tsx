/** The one upload of this page: it goes on while its owner looks at other views. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Status } from '../../../src/api/contract.ts';
import { ApiError } from '../api.ts';
import { formatBytes } from '../format.ts';
import { subscribeLive } from '../live.ts';
import { scansKey } from '../queries.ts';
import { navigate } from '../router.tsx';
import { createRequestId, type Sending, sendFile } from './send-file.ts';

export type UploadState =
  | { phase: 'idle' }
  | { phase: 'sending' | 'analysing'; name: string; bytes: number; fraction: number }
  | { phase: 'failed'; name: string; error: ApiError }
  | { phase: 'done'; name: string; scanId: number };

interface Upload {
  state: UploadState;
  start(file: File): void;
  cancel(): void;
  dismiss(): void;
}

const UploadContext = createContext<Upload | null>(null);

export function UploadProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<UploadState>({ phase: 'idle' });
  const running = useRef<{ requestId: string; sending: Sending } | null>(null);
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

  const start = useCallback(
    async (file: File) => {
      // One at a time: a second file waits for its owner to let go of the first.
      if (running.current) return;
      const { name, size: bytes } = file;
      const startedAt = window.location.pathname;
      const requestId = createRequestId();
      const onSent = (fraction: number) =>
        setState(
          fraction < 1 ? { phase: 'sending', name, bytes, fraction } : { phase: 'analysing', name, bytes, fraction: 0 },
        );
      onSent(0);
      const sending = sendFile(file, { requestId, onSent });
      running.current = { requestId, sending };
      try {
        const { scan_id } = await sending.result;
        await queries.invalidateQueries({ queryKey: scansKey, refetchType: 'none' });
        // Whoever has gone on to another view is told, not carried away.
        if (window.location.pathname === startedAt) {
          setState({ phase: 'idle' });
          navigate(`/scans/${scan_id}`);
        } else setState({ phase: 'done', name, scanId: scan_id });
      } catch (error) {
        if (error instanceof ApiError) setState({ phase: 'failed', name, error: withLimits(error, queries) });
        else setState({ phase: 'idle' });
      } finally {
        running.current = null;
      }
    },
    [queries],
  );

  const cancel = useCallback(() => running.current?.sending.cancel(), []);
  const dismiss = useCallback(() => setState({ phase: 'idle' }), []);
  const value = useMemo(
    () => ({ state, start: (file: File) => void start(file), cancel, dismiss }),
    [state, start, cancel, dismiss],
  );
  return <UploadContext value={value}>{children}</UploadContext>;
}

/** A server that stops reading a file that is too large may be gone before its answer is read. */
function withLimits(error: ApiError, queries: QueryClient): ApiError {
  const limits = queries.getQueryData<Status>(['status'])?.limits;
  if (error.code !== 'unreachable' || !limits) return error;
  return new ApiError(0, {
    error: 'The connection was lost while the file was sent.',
    hint: `Try again. A log may have up to ${formatBytes(limits.text_bytes)}, a capture up to ${formatBytes(limits.capture_bytes)}.`,
    code: 'connection_lost',
  });
}

export function useUpload(): Upload {
  const upload = use(UploadContext);
  if (!upload) throw new Error('useUpload needs an UploadProvider around it.');
  return upload;
}
