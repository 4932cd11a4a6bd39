import './trusted-types.ts';
import 'bootstrap/dist/css/bootstrap.min.css';
import './style/theme.css';
import './style/layout.css';
import './style/overlay.css';
import './style/part.css';
import './style/upload.css';
import './style/table.css';
import './style/chart.css';
import './style/alert.css';
import './style/device.css';
import './style/monitor.css';
import './style/notify.css';
import './style/report.css';
import './style/account.css';
import './style/print.css';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Gate } from './account/gate.tsx';
import { sessionKey } from './account/queries.ts';
import { ApiError } from './api.ts';
import { App } from './app.tsx';
import { UploadProvider } from './upload/upload-context.tsx';

/** The session has ended elsewhere: the gate looks again, and asks for a login. */
function noticeEnd(error: Error): void {
  if (error instanceof ApiError && error.code === 'sign_in_required') {
    void queryClient.invalidateQueries({ queryKey: sessionKey });
  }
}

const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({ onError: noticeEnd }),
  defaultOptions: {
    queries: {
      // The server is on this machine or next to it: an answer is fresh for a moment, and live events tell the rest.
      staleTime: 5000,
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Gate>
        <UploadProvider>
          <App />
        </UploadProvider>
      </Gate>
    </QueryClientProvider>
  </StrictMode>,
);
