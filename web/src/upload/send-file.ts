/** Sends a file with progress; fetch cannot tell how much of a body has left. */
import type { UploadResult } from '../../../src/api/contract.ts';
import { parseError, unreachable } from '../api.ts';

export interface Sending {
  /** Rejects with ApiError. */
  result: Promise<UploadResult>;
  cancel(): void;
}

export interface SendOptions {
  /** The server's live events name the upload by it. */
  requestId: string;
  /** From 0 to 1; 1 is told once everything has left. */
  onSent: (fraction: number) => void;
}

/** crypto.randomUUID exists on secure pages only, and a home server is reached by plain HTTP. */
export const createRequestId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

export function sendFile(file: File, { requestId, onSent }: SendOptions): Sending {
  const request = new XMLHttpRequest();
  const result = new Promise<UploadResult>((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? Math.min(loaded / total, 0.999) : 0);
    request.upload.onload = () => onSent(1);
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'));
    request.onload = () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText) as UploadResult);
      else reject(parseError(request.status, request.responseText));
    };
  });
  const form = new FormData();
  form.append('file', file);
  request.open('POST', '/upload');
  request.setRequestHeader('X-Request-Id', requestId);
  request.send(form);
  return { result, cancel: () => request.abort() };
}
