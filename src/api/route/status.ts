/** GET /status: whether everything that a scan needs is there. */
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store/store.ts';
import type { App, ServerLimits } from '../app.ts';
import { statusSchema } from '../contract.ts';
import type { Scanner } from '../port/scanner.ts';

export interface StatusRouteOptions {
  store: Store;
  scanner: Scanner;
  clock: Clock;
  version: string;
  limits: ServerLimits;
}

export function statusRoute(app: App, { store, scanner, clock, version, limits }: StatusRouteOptions): void {
  const started = clock.monotonic();
  app.get('/status', { schema: { summary: 'System status', response: { 200: statusSchema } } }, async (request) => {
    const { loaded, threshold } = scanner.model();
    const scans = await store.countScans().catch((error: unknown) => {
      request.log.error({ err: error }, 'The database does not answer');
      return null;
    });
    return {
      status: loaded && scans !== null ? ('operational' as const) : ('degraded' as const),
      model_loaded: loaded,
      threshold,
      database: scans === null ? ('unavailable' as const) : ('connected' as const),
      total_scans: scans ?? 0,
      version,
      uptime_seconds: Math.round((clock.monotonic() - started) / 1000),
      limits: {
        text_bytes: limits.maxTextBytes,
        capture_bytes: limits.maxCaptureBytes,
        scans: limits.maxConcurrentScans,
      },
    };
  });
}
