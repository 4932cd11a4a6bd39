/** One JSON object from a line, whatever a logger has put around it. */

export type JsonObject = Record<string, unknown>;

/** Longest prefix that a logger writes: date, host, program, number. */
const MAX_PREFIX = 512;
/** Members in which shippers of logs carry a line as they found it. */
const envelopes = ['message', 'log', 'MESSAGE', 'msg'];

/**
 * Null unless the text is one JSON object: alone, behind the prefix of a syslog, or as the text of a message of
 * journald, Docker or Filebeat.
 */
export function parseObject(text: string): JsonObject | null {
  const start = text.indexOf('{');
  if (start < 0 || start > MAX_PREFIX) return null;
  const object = objectOf(start === 0 ? text : text.slice(start));
  if (object === null) return null;
  for (const name of envelopes) {
    const inner = Object.hasOwn(object, name) ? object[name] : null;
    if (typeof inner !== 'string' || !inner.trimStart().startsWith('{')) continue;
    return objectOf(inner) ?? object;
  }
  return object;
}

function objectOf(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}
