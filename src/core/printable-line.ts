/**
 * Makes text from outside safe to print and to keep in a record: one line, no control, direction or
 * invisible characters, not longer than asked for.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

export function printableLine(text: string, charactersMax: number): string {
  // Escaping makes text longer: cut first, so that a huge text costs no more than a short one.
  const escaped = text.slice(0, charactersMax + 1).replace(UNPRINTABLE, escapeCharacter);
  return escaped.length > charactersMax ? `${cut(escaped, charactersMax - 1)}…` : escaped;
}

function escapeCharacter(character: string): string {
  switch (character) {
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    default:
      return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  }
}

/** Never between the halves of a character. */
function cut(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
