import type { Host } from '../feature/host.ts';
import { owningSide } from '../packet/address-scope.ts';

/** The device whose traffic it is. */
export const ownerOf = (orig: Host, resp: Host): Host => (owningSide(orig.scope, resp.scope) === 0 ? orig : resp);
