/** Where a finding is, for people: the first place, and how many more there are. */
export function placesInWords(places: readonly string[]): string {
  const [first = '', ...others] = places;
  const shown = first === '' ? 'a place that its tool does not name' : first;
  return others.length === 0 ? shown : `${shown} and ${others.length} more`;
}
