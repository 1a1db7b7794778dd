/** Why somebody goes ahead although a place is closed; never without a word. */
import { statedReason } from './reason-option.ts';

export function overrideOption(text: string | undefined): string | undefined {
  return text === undefined ? undefined : statedReason('--override', text);
}
