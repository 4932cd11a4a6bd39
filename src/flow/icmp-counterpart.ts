/** Messages and their answers, each other's (RFC 792, 950, 1256). */
const icmp = pairs([
  [8, 0], // echo
  [13, 14], // timestamp
  [15, 16], // information
  [10, 9], // router solicitation
  [17, 18], // address mask
]);

/** RFC 4443, 4861, 2710, 4620, 6275. */
const icmpv6 = pairs([
  [128, 129], // echo
  [133, 134], // router solicitation
  [135, 136], // neighbor solicitation
  [130, 131], // multicast listener query
  [139, 140], // node information
  [144, 145], // home agent address discovery
]);

/** The type of the answer to an ICMP message, or -1 where there is none. */
export const icmpCounterpart = (type: number): number => icmp[type] ?? -1;

export const icmpv6Counterpart = (type: number): number => icmpv6[type] ?? -1;

function pairs(types: readonly (readonly [number, number])[]): Int16Array {
  const counterparts = new Int16Array(256).fill(-1);
  for (const [query, answer] of types) {
    counterparts[query] = answer;
    counterparts[answer] = query;
  }
  return counterparts;
}
