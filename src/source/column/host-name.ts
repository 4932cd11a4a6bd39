/**
 * Who takes part in a connection, as logs write it: an IP address, a hardware address where there is no IP (ARP), or
 * the name of a host, which meters that resolve addresses and tables with a mapping have instead.
 */
import { isIPv6 } from 'node:net';

const MAC = /^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i;
const LONGEST_IPV4 = 15;
/** RFC 1035. */
const LONGEST_NAME = 253;

export function isHostName(text: string): boolean {
  if (isIpv4(text)) return true;
  return text.includes(':') ? isIPv6(text) || MAC.test(text) : isName(text);
}

/** By its characters: this is asked twice for each row. */
function isIpv4(text: string): boolean {
  const { length } = text;
  if (length > LONGEST_IPV4) return false;
  let [dots, octet] = [0, -1];
  for (let i = 0; i < length; i++) {
    const c = text.charCodeAt(i);
    if (c === 46) {
      if (octet < 0) return false;
      dots++;
      octet = -1;
    } else {
      if (c < 48 || c > 57) return false;
      octet = octet < 0 ? c - 48 : octet * 10 + c - 48;
      if (octet > 255) return false;
    }
  }
  return dots === 3 && octet >= 0;
}

/** Digits and dots alone are no name but an address that is none. */
function isName(text: string): boolean {
  if (text.length > LONGEST_NAME) return false;
  let named = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const letter = ((c | 32) >= 97 && (c | 32) <= 122) || c === 95;
    const inner = (c >= 48 && c <= 57) || ((c === 45 || c === 46) && i > 0);
    if (!letter && !inner) return false;
    named ||= letter;
  }
  return named;
}
