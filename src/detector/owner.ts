import type { Host } from '../feature/host.ts';

/** The device whose traffic it is: the local originator, else the local responder, else the originator. */
export const ownerOf = (orig: Host, resp: Host): Host =>
  orig.scope === 'local' || resp.scope !== 'local' ? orig : resp;
