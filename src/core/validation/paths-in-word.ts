/**
 * What in a word of a command leads outside of the folder that it runs in. `whole`: what all of the word may be, or its value;
 * where that is a file, nothing else is meant. `parts`: what stands somewhere in it, as in a script.
 */
export interface PathsInWord {
  readonly whole: readonly string[];
  readonly parts: readonly string[];
  /** It may lead somewhere that nobody can tell by reading it. */
  readonly isUnsure: boolean;
}

export function pathsInWord(word: string): PathsInWord {
  const values = [word, /^[^=]*=(.*)$/s.exec(word)?.[1], /^-[A-Za-z](.*)$/s.exec(word)?.[1]];
  const whole = values.flatMap((value) => {
    const path = value?.replace(/^@/, '').replace(/^file:\/\//i, '') ?? '';
    return WHOLE.test(path) ? [path] : [];
  });
  const parts = [...word.matchAll(PART)].map(([path]) => path);
  return { whole: [...new Set(whole)], parts: [...new Set(parts)], isUnsure: UNSURE.test(word) };
}

const WHOLE = /^(?:\/(?!\/)|~\/|(?:[^\n]*\/)?\.\.(?:\/|$))/;

/** Behind the beginning of a word, or what sets a path off; `https://host` is none. */
const PART = /(?<=^|[\s"'`=:,;(<>|&@{[])\/(?!\/)[^\s"'`=:,;)<>|&]*/g;

/**
 * `..` and `~` as parts of a path, addresses with a scheme or a number, options with a path behind letters; and in a script what
 * a shell makes paths of.
 */
const UNSURE = new RegExp(
  [
    /(?:^|[^\w.])\.\.(?:$|[^\w.])/,
    /(?:^|[\s"'`=:,;(<>|&])~/,
    /^-{1,2}[\w-]+(?:\/|\.\.)|\s-\w+(?:\/|\.\.)/,
    /[a-z]:\/\/|(?:^|[\s"'`@=])(?:localhost|(?:\d{1,3}\.){3}\d|[\w.-]+:\d+\/)/,
    /\$[({\w]|`/,
    /(?:^|[\s"'`=:,;(<>|&])(?:\/\/|\/[^\s"']*[*?\\])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);
