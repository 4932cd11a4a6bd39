/** The server as the dashboard sees it. Types only: both come from one build. */
import type { ErrorBody, ScanList, ScanReport, Status } from '../../src/api/contract.ts';

/** An answer of the server that is not what was asked for; `hint` says how to mend it. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  /** Which fields of what was sent are wrong. */
  readonly fields: NonNullable<ErrorBody['fields']>;

  constructor(status: number, { error, code, hint, fields = [] }: ErrorBody) {
    super(error);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.fields = fields;
  }
}

export const unreachable = (): ApiError =>
  new ApiError(0, {
    error: 'Guardian does not answer.',
    hint: 'Check that it is running on its machine, and that this device is in the same network.',
    code: 'unreachable',
  });

/** The error that an answer's text stands for, also when something between us and the server has answered. */
export function parseError(status: number, text: string): ApiError {
  try {
    return new ApiError(status, JSON.parse(text) as ErrorBody);
  } catch {
    return new ApiError(status, {
      error: `Guardian answered with status ${status}.`,
      hint: '',
      code: `http_${status}`,
    });
  }
}

async function request<T>(path: string, { headers, ...init }: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { accept: 'application/json', ...headers } });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw unreachable();
  }
  if (!response.ok) throw parseError(response.status, await response.text());
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Rejects with ApiError, as `send` does. */
export const get = <T>(path: string, signal: AbortSignal): Promise<T> => request(path, { signal });

/** Changes something. Always with a body: the server takes no change that a foreign form could have sent. */
export const send = <T = void>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body: object = {},
): Promise<T> =>
  // Whoever leaves the page at once has still said it.
  request(path, {
    method,
    keepalive: true,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

export const getScans = (before: number | undefined, limit: number, signal: AbortSignal): Promise<ScanList> =>
  get(`/api/v1/scans?limit=${limit}${before === undefined ? '' : `&before=${before}`}`, signal);
export const getScan = (id: string, signal: AbortSignal): Promise<ScanReport> => get(`/api/v1/scans/${id}`, signal);
export const getStatus = (signal: AbortSignal): Promise<Status> => get('/status', signal);
