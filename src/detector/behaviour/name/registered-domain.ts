/** The part of a name that somebody registers, by the public suffix list. */
import { getDomain } from 'tldts';

/**
 * `a.b.example.co.uk` gives `example.co.uk`, and so does the list's private part: `x.dyn.example` under a provider of
 * names is somebody's own. Names without a registered part (a single label, a suffix alone) give their last two labels.
 */
export const registeredDomain = (name: string): string =>
  getDomain(name, { allowPrivateDomains: true, extractHostname: false, validateHostname: false }) ??
  name.split('.').slice(-2).join('.');
