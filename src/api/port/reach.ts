/** How other devices reach the server, as the API tells it. */
export interface ReachPort {
  isLocal: boolean;
  /** Addresses to type into a browser, the best first. */
  urls(port: number): string[];
  keeper: {
    /** In PEM. */
    current(): { cert: string; key: string };
    onRenew(listener: () => void): void;
    /** Null with the owner's own certificate. */
    authority: { certificate: string; name: string; fingerprint: string; expires: number } | null;
  } | null;
}
