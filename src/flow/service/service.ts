/** Application protocols under Zeek's names; a connection keeps the recognised ones as bits. */
export const services = [
  ...['dns', 'dhcp', 'ntp', 'ssl', 'quic', 'http', 'mqtt', 'ssh', 'irc', 'ftp', 'smtp', 'pop3', 'imap', 'sip'],
  ...['vxlan', 'geneve', 'gtpv1', 'teredo', 'ayiya'],
] as const;

export type Service = (typeof services)[number];

export const serviceBit = (service: Service): number => 1 << services.indexOf(service);

/** Zeek's `service`: the names, separated by commas; null where nothing was recognised. */
export function serviceText(bits: number): string | null {
  if (bits === 0) return null;
  let text = texts.get(bits);
  if (text === undefined) {
    text = services
      .filter((_, i) => (bits & (1 << i)) !== 0)
      .sort()
      .join(',');
    texts.set(bits, text);
  }
  return text;
}

/** Few of the combinations occur. */
const texts = new Map<number, string>();

/** Bits of UDP tunnels by their kind (packet/layers/tunnel.ts); GRE in UDP and CAPWAP have no name in Zeek. */
export const tunnelService: readonly number[] = [
  0,
  serviceBit('vxlan'),
  serviceBit('geneve'),
  serviceBit('gtpv1'),
  serviceBit('teredo'),
  serviceBit('ayiya'),
  0,
  0,
];
