/** Takes what came into the configuration from outside out of texts, wherever it was put. */

const MASK = '[secret]';

/** `secretValues`: longest first. Texts quote values as they are or as JSON. */
export function maskSecrets(text: string, secretValues: readonly string[]): string {
  return secretValues
    .flatMap((secret) => [JSON.stringify(secret).slice(1, -1), secret])
    .reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}
