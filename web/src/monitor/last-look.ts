/** When the owner last looked: kept in this browser, since the server does not watch who watches. */

const NAME = 'last-look';
/** Whoever is away for less has not left. Seconds. */
const AWAY = 30 * 60;

const now = (): number => Math.round(Date.now() / 1000);

function read(): { looked: number | null; before: number | null } {
  try {
    const [looked, before] = (localStorage.getItem(NAME) ?? '').split(' ').map(Number);
    return { looked: looked > 0 ? looked : null, before: before > 0 ? before : null };
  } catch {
    return { looked: null, before: null };
  }
}

function write(looked: number, before: number | null): void {
  try {
    localStorage.setItem(NAME, `${looked} ${before ?? 0}`);
  } catch {
    // A browser that keeps nothing knows of no last time.
  }
}

/** The end of the visit before this one, in seconds since 1970; null on the first. */
export function lastLook(): number | null {
  const { looked, before } = read();
  const isNew = looked === null || now() - looked > AWAY;
  const last = isNew ? looked : before;
  write(now(), last);
  return last;
}

/** This visit goes on. */
export const stillLooking = (): void => write(now(), read().before);
