/**
 * The words by which a project starts a program itself: of its scripts the first that does so without a shell's help,
 * `test` before all others. Null when none does.
 */
export function scriptWords(
  scripts: Readonly<Record<string, string>>,
  isMeant: (words: readonly string[]) => boolean,
): readonly string[] | null {
  const { test = '', ...others } = scripts;
  for (const text of [test, ...Object.values(others)]) {
    for (const part of text.split(/&&|;/)) {
      const words = part.trim().split(/\s+/);
      if (isMeant(words) && words.every((word) => PLAIN.test(word) && !ENDLESS.test(word))) {
        return words;
      }
    }
  }
  return null;
}

/** Nothing in it means something to a shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

const ENDLESS = /^(?:--watch|-w$)/;
