/** Refuses unquoted words that YAML's versions read differently: what was meant is a guess. */
import type { ConfigPath, Finding } from './config-problem.ts';
import type { ConfigTree } from './config-tree.ts';

export function ambiguousScalars(tree: ConfigTree): readonly Finding[] {
  return [...tree.places].flatMap(([key, place]): Finding[] => {
    const message = place.plain === null ? null : messageOf(place.plain);
    const path = JSON.parse(key) as ConfigPath;
    return message === null ? [] : [{ code: 'value-invalid', message, at: place.valueAt, path }];
  });
}

function messageOf(plain: string): string | null {
  if (/^(?:yes|no|on|off)$/i.test(plain)) {
    return `${plain} is ambiguous: some readers take it for true or false; write "${plain}" in quotes for the word, or true or false`;
  }
  if (/^[-+]?0\d[\d_]*$/.test(plain)) {
    return `${plain} is ambiguous: some readers take it for octal; leave out the leading zero, or write "${plain}" in quotes for the text`;
  }
  return null;
}
