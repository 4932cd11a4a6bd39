/** The signs of remote control by name, which their weights are given for. */
export const signNames = [
  'no-lookup',
  'never-named',
  'dynamic-name',
  'nameless-tls',
  'odd-tls',
  'self-signed',
  'expired-certificate',
  'other-certificate',
  'no-tls',
  'other-protocol',
  'odd-port',
  'unknown-protocol',
  'bare-http',
  'bare-post',
  'executable',
  'plain-agent',
  'clock',
  'keep-alive',
  'long-session',
  'one-sided',
  'shell',
  'admin-share',
  'remote-service',
  'refused',
  'unanswered',
  'file-upload',
] as const;
export type Sign = (typeof signNames)[number];
/** Where the other end is. Ordinary traffic inside a house is another matter than that with the outside. */
export type Place = 'outside' | 'inside';
