/**
 * Whom the capture runs as where Guardian is root: tcpdump opens the interface and then becomes this user, who can read
 * neither the data folder nor its keys. Elsewhere it runs as Guardian does, with file capabilities.
 */
import { readFileSync } from 'node:fs';

/** Ours, that of Debian's package, and the one that every system has. */
const users = ['guardian-capture', 'tcpdump', 'nobody'];

/** Null where nothing is to be given up, or nobody is there to become. */
export function captureUser(uid = process.getuid?.(), file = '/etc/passwd'): string | null {
  if (uid !== 0 || process.platform !== 'linux') return null;
  try {
    const known = new Map(
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => line.split(':'))
        .map(([name, , id]) => [name, Number(id)]),
    );
    return users.find((name) => (known.get(name) ?? 0) > 0) ?? null;
  } catch {
    return null;
  }
}
