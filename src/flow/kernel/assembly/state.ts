/** Where things lie and what is to be checked: set once, before anything else. */
export let recordsAt: usize = 0;
export let table: usize = 0;
/** Seconds, as in ../../timeouts.ts: of open connections, of UDP and handshakes, and what TCP asks for besides. */
export let openTimeout: f64 = 0;
export let interactiveTimeout: f64 = 0;
export let handshakeTimeout: f64 = 0;
export let synTimeout: f64 = 0;
export let sessionTimer: f64 = 0;
export let connectionLinger: f64 = 0;
export let attemptDelay: f64 = 0;
export let closeDelay: f64 = 0;
export let checksIp: bool = true;
export let checksTransport: bool = true;
/** Senders with a right checksum are remembered (ChecksumPolicy). */
export let learnsSenders: bool = false;
/** Somebody looks into payloads to find out the service. */
export let looksInside: bool = true;

/** Somebody wants to see what applications say. */
export let isObserved: bool = false;

export function configure(storeAt: usize, tableAt: usize, ip: bool, transport: bool, learns: bool, services: bool, observed: bool): void {
  recordsAt = storeAt;
  table = tableAt;
  checksIp = ip;
  checksTransport = transport;
  learnsSenders = learns;
  looksInside = services;
  isObserved = observed;
}

export function setTimeouts(open: f64, interactive: f64, handshake: f64, syn: f64, timer: f64, linger: f64, attempt: f64, close: f64): void {
  openTimeout = open;
  interactiveTimeout = interactive;
  handshakeTimeout = handshake;
  synTimeout = syn;
  sessionTimer = timer;
  connectionLinger = linger;
  attemptDelay = attempt;
  closeDelay = close;
}
