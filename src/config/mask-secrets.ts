/** Takes what came into the configuration from outside out of texts, wherever it was put. */

export const MASK = '[secret]';

/** `secretValues`: longest first. */
export function maskSecrets(text: string, secretValues: readonly string[]): string {
  return secretForms(secretValues).reduce(
    (masked, secret) => masked.replaceAll(secret, MASK),
    text,
  );
}

/** Texts quote values as they are or as JSON. */
export function secretForms(secretValues: readonly string[]): readonly string[] {
  return secretValues.flatMap((secret) => [JSON.stringify(secret).slice(1, -1), secret]);
}

/** Of a JSON value every text; a number that reads like a secret is none, and keys are ours. */
export function maskTexts<Value>(value: Value, secretValues: readonly string[]): Value {
  const masked = (_key: string, part: unknown): unknown =>
    typeof part === 'string' ? maskSecrets(part, secretValues) : part;
  return JSON.parse(JSON.stringify(value), masked) as Value;
}
