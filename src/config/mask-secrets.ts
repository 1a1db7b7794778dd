/** Takes what came into the configuration from outside out of texts, wherever it was put. */
import { hiddenSpans } from '../core/secrets/hidden-spans.ts';
import { secretWords } from '../core/secrets/secret-words.ts';

export const MASK = '[secret]';

export function maskSecrets(text: string, secretValues: readonly string[]): string {
  return masksSecrets(secretValues)(text);
}

/** For many texts. */
export function masksSecrets(secretValues: readonly string[]): (text: string) => string {
  const words = secretWords(secretValues);
  return (text) => {
    const spans = hiddenSpans(text, words);
    if (spans.length === 0) return text;
    const between = spans.map(({ start }, at) => text.slice(spans[at - 1]?.end ?? 0, start) + MASK);
    return between.join('') + text.slice(spans.at(-1)?.end);
  };
}

/** Of a JSON value every text; a number that reads like a secret is none, and keys are ours. */
export function maskTexts<Value>(value: Value, secretValues: readonly string[]): Value {
  const mask = masksSecrets(secretValues);
  const masked = (_key: string, part: unknown): unknown =>
    typeof part === 'string' ? mask(part) : part;
  return JSON.parse(JSON.stringify(value), masked) as Value;
}
