/** Text from the network as one harmless line: what leaves in a notification passes through here first. */

/** Controls, direction overrides, invisible characters and line separators; the joiner inside emoji may stay. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const ZERO_WIDTH_JOINER = '\u200d';

/** One line of at most `limit` characters in which everything invisible is spelt out as in JSON. */
export function plainLine(text: string, limit: number): string {
  // Cut before as well: nobody needs the escapes of a megabyte of control characters.
  const line = text
    .slice(0, limit + 1)
    .toWellFormed()
    .replaceAll(unsafe, (character) =>
      character === ZERO_WIDTH_JOINER
        ? character
        : `\\u${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
    );
  return line.length > limit ? `${line.slice(0, limit - 1).toWellFormed()}…` : line;
}

/** Text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]);
}
