import type { FoundPlace } from './found-place.ts';

/** Where a finding is, for people: the first place, and how many more there are. */
export function placesInWords(places: readonly FoundPlace[]): string {
  const [first, ...others] = places;
  const text = first?.text ?? '';
  const shown = text === '' ? 'a place that its tool does not name' : text;
  return others.length === 0 ? shown : `${shown} and ${others.length} more`;
}
