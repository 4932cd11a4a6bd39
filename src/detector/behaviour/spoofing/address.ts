/** Addresses in what the rules have learned: lists whose entries say whom they are about. */

/** The address where it stands by itself, and not as a part of a longer one. */
function pattern(address: string): RegExp {
  const part = address.includes(':') ? '[\\w:]' : '[\\d.]';
  return new RegExp(`(?<!${part})${address.replaceAll('.', '\\.')}(?!${part})`);
}

/** The same with another address in place of the one. */
export function rename(learned: unknown, from: string, to: string): unknown {
  const named = pattern(from);
  const replace = (value: unknown): unknown => {
    // Looking for the text first spares most entries the pattern.
    if (typeof value === 'string') return value.includes(from) ? value.replace(named, to) : value;
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replace(inner)]));
  };
  return replace(learned);
}

/** Without the entries about the address. */
export function withoutAddress(learned: unknown, address: string): unknown {
  const named = pattern(address);
  const isAbout = (entry: unknown): boolean => {
    if (typeof entry === 'string') return named.test(entry);
    const words = Array.isArray(entry) ? entry.slice(0, 1) : Object.values(entry ?? {});
    return words.some((word) => typeof word === 'string' && named.test(word));
  };
  const clean = (entries: unknown): unknown => {
    if (Array.isArray(entries)) return entries.filter((entry) => !isAbout(entry)).map(clean);
    if (typeof entries !== 'object' || entries === null) return entries;
    return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, clean(value)]));
  };
  return clean(learned);
}
