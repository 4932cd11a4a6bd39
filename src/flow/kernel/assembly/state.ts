/** Where things lie and what is to be checked: set once, before anything else. */
export let recordsAt: usize = 0;
export let table: usize = 0;
/** Seconds without a packet after which a connection ends. */
export let openTimeout: f64 = 0;
export let interactiveTimeout: f64 = 0;
export let checksIp: bool = true;
export let checksTransport: bool = true;
/** Senders with a right checksum are remembered (ChecksumPolicy). */
export let learnsSenders: bool = false;
/** Somebody looks into payloads to find out the service. */
export let looksInside: bool = true;

export function configure(storeAt: usize, tableAt: usize, open: f64, interactive: f64, ip: bool, transport: bool, learns: bool, services: bool): void {
  recordsAt = storeAt;
  table = tableAt;
  openTimeout = open;
  interactiveTimeout = interactive;
  checksIp = ip;
  checksTransport = transport;
  learnsSenders = learns;
  looksInside = services;
}
