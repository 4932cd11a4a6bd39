/** Points in time as the logs write them, to seconds since 1970 UTC. A time without a zone is taken as UTC. */

// 2018-12-18 14:00:00.075359, 2018/12/18T14:00:00Z, 2026-05-07T12:49:39.000001+0200
const ISO = /^(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?$/;
// CICFlowMeter (Java): 18/12/2018 02:00:00 PM, day first
const DAY_FIRST = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d\d)(?::(\d\d))?(?:\.(\d{1,9}))? ?(AM|PM)?$/i;

/** Epoch seconds from a number in seconds, milliseconds, microseconds or nanoseconds, told apart by size. */
export function epochSeconds(value: number): number | null {
  if (!Number.isFinite(value) || value < 0) return null;
  if (value < 1e11) return value;
  if (value < 1e14) return value / 1e3;
  if (value < 1e17) return value / 1e6;
  return value < 1e20 ? value / 1e9 : null;
}

/** Null when nothing recognisable is written there. */
export function parseTime(text: string): number | null {
  const trimmed = text.trim();
  const number = numberOf(trimmed);
  if (number !== null) return epochSeconds(number);
  const iso = ISO.exec(trimmed);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso;
    return utc(+year, +month, +day, +hour, +minute, +second, fraction, zoneSeconds(zone));
  }
  const european = DAY_FIRST.exec(trimmed);
  if (european) {
    const [, day, month, year, hour, minute, second = '0', fraction, half] = european;
    const hours = half ? (+hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0) : +hour;
    return utc(+year, +month, +day, hours, +minute, +second, fraction, 0);
  }
  return null;
}

/** Decimal numbers only: `Number()` would also take '0x10', '' and 'Infinity'. */
function numberOf(text: string): number | null {
  const first = text.charCodeAt(0);
  if (!(first >= 48 && first <= 57) || text.charCodeAt(1) > 57) return null;
  const value = Number(text);
  return Number.isNaN(value) ? null : value;
}

function utc(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  fraction: string | undefined,
  zone: number,
): number | null {
  const inRange = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second <= 60;
  if (!inRange || year < 1970) return null;
  const whole = Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - zone;
  const value = fraction === undefined ? whole : Number(`${whole}.${fraction}`);
  return value >= 0 ? value : null;
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const sign = zone[0] === '-' ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60);
}
