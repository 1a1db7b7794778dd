/** Text from outside, made harmless: nothing that it holds can move the cursor or hide a line. */

const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** One line in, one line out. */
export function escapeText(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
  });
}

/** Keeps line ends; everything else is escaped. */
export function escapeLines(text: string): string[] {
  return text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map(escapeText);
}

/** A value that someone typed, short enough to be shown back. */
export function quoted(text: string): string {
  const characters = Array.from(text);
  const shown = characters.length > 60 ? `${characters.slice(0, 60).join('')}...` : text;
  return `"${escapeText(shown)}"`;
}

/** One JSON document a line, without a byte that a terminal would act on. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(CONTROL, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
