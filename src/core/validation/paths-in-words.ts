/**
 * What in the words of a command may name a file or a folder by where it is, and not below the folder that it runs in:
 * `/srv/rules.yml`, `--config=../shared/x`, `~/.cache/db`, also within a script.
 */
export function pathsInWords(words: readonly string[]): readonly string[] {
  const found = words.flatMap((word) => [...word.matchAll(PATH)].map(([, path = '']) => path));
  return [...new Set(found)];
}

/** Behind the beginning of a word, or what sets a path off; `https://host` is none. */
const PATH =
  /(?<=^|[\s"'`=:,;(<>|&@])((?:\/(?!\/)|~\/|(?:\.\/)*\.\.(?:\/|(?=$|\s)))[^\s"'`=:,;)<>|&]*)/g;
