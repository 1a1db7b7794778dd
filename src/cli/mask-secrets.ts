/** Takes what came into the configuration from outside out of texts, wherever a tool may have put it. */

const MASK = '***';

export function maskSecrets(secretValues: readonly string[]): (text: string) => string {
  // The longest first: one may be a part of another.
  const values = secretValues.toSorted((left, right) => right.length - left.length);
  return (text) => values.reduce((masked, value) => masked.replaceAll(value, MASK), text);
}
