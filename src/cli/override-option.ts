/** Why somebody goes ahead although a place is frozen; never without a word. */
import { reasonOption } from './reason-option.ts';
import { usageError } from './usage-error.ts';

export function overrideOption(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (text.trim() === '') throw usageError('--override-freeze needs a reason.');
  return reasonOption(text);
}
