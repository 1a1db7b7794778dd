import { ownValue } from '../own-value.ts';

/** A word with what its names in braces stand for; a name that stands for nothing stays as it is written. */
export function filledIn(word: string, places: Readonly<Record<string, string>>): string {
  return word.replace(/\{(\w+)\}/g, (found, name: string) => ownValue(places, name) ?? found);
}
