/** Requests to the server. */
import type { ErrorEntry } from './entry.ts';

export const serverErrors = {
  no_file: {
    status: 400,
    exit: 2,
    message: 'No file provided',
    hint: 'Send it as multipart/form-data in the field "file".',
  },
  too_large: {
    status: 413,
    exit: 3,
    message: '"{file}" is larger than {limit}.',
    hint: 'Split it, or raise {setting}.',
  },
  bad_multipart: {
    status: 400,
    exit: 2,
    message: 'The upload is not a well-formed multipart/form-data body: {reason}.',
    hint: 'Send one file in the field "file", for example with: curl -F file=@traffic.csv URL/upload.',
  },
  upload_aborted: {
    status: 400,
    exit: 3,
    message: 'The upload ended before the file was complete.',
    hint: 'Send it again; nothing was kept.',
  },
  busy: {
    status: 429,
    exit: 4,
    message: 'Guardian is busy with {count} uploads.',
    hint: 'Try again in a few seconds, or raise upload.maxConcurrentScans.',
  },
  too_many_uploads: {
    status: 429,
    exit: 4,
    message: '{count} uploads of yours are waiting already.',
    hint: 'Wait until one of them is done; others are to have a turn too.',
  },
  stopping: {
    status: 503,
    exit: 4,
    message: 'Guardian is stopping.',
    hint: 'Send the file again once it runs; nothing was kept.',
  },
  too_many_listeners: {
    status: 503,
    exit: 4,
    message: 'Guardian already sends live events to {count} clients.',
    hint: 'Close dashboards that nobody looks at.',
  },
  unknown_host: {
    status: 421,
    exit: 2,
    message: 'This Guardian is not known by the name that the request used.',
    hint: 'Open it by its address or as localhost, or add the name to server.allowedHosts.',
  },
  no_authority: {
    status: 404,
    exit: 2,
    message: 'This Guardian has no certificate authority of its own.',
    hint: 'It makes one where other devices can reach it: guardian serve --host 0.0.0.0. With a certificate of yours there is none.',
  },
  https_required: {
    status: 400,
    exit: 2,
    message: 'This Guardian speaks HTTPS, and the request came in the clear.',
    hint: 'Use https:// in the address. A password or a token that was sent this way may have been read: change it.',
  },
  foreign_origin: {
    status: 403,
    exit: 2,
    message: 'The request came from a page of another site.',
    hint: 'Use the dashboard itself, or a script outside the browser.',
  },
  invalid_request: {
    status: 400,
    exit: 2,
    message: 'The request is not valid: {reason}.',
    hint: 'See /api/v1/openapi.json.',
  },
  not_json: {
    status: 415,
    exit: 2,
    message: 'A change is sent as JSON.',
    hint: 'Send it with the header "Content-Type: application/json".',
  },
  not_found: {
    status: 404,
    exit: 2,
    message: 'There is nothing here.',
    hint: 'See /api/v1/openapi.json for what exists.',
  },
  body_too_large: {
    status: 413,
    exit: 4,
    message: 'The body of the request is larger than {limit}.',
    hint: 'Send less at once; files go to POST /upload.',
  },
  request_timeout: { status: 408, exit: 4, message: 'The request did not arrive in time.', hint: 'Send it again.' },
  headers_too_large: {
    status: 431,
    exit: 2,
    message: 'The headers of the request are too large.',
    hint: 'Send fewer cookies and headers.',
  },
  internal: {
    status: 500,
    exit: 4,
    message: 'Something went wrong inside Guardian.',
    hint: 'Its log says what, under the request id {request}.',
  },
  scan_not_found: { status: 404, exit: 3, message: 'Scan not found', hint: 'See /history for the scans that exist.' },
} as const satisfies Record<string, ErrorEntry>;
