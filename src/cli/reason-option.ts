/** Why somebody asks, as the audit log keeps it; empty when they do not say. */
import { usageError } from './usage-error.ts';

const REASON_LENGTH_MAX = 2_000;

export function reasonOption(text = ''): string {
  if (text.length <= REASON_LENGTH_MAX) return text;
  throw usageError(`The reason is longer than ${REASON_LENGTH_MAX} characters.`);
}

/** Where nobody is stopped, or goes ahead in spite of that, without a word why. */
export function statedReason(option: string, text: string): string {
  if (text.trim() === '') throw usageError(`${option} is empty; say why.`);
  return reasonOption(text);
}
