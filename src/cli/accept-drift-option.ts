/** Why somebody takes a schema as it is found; never without a word. */
import { statedReason } from './reason-option.ts';

export function acceptDriftOption(text: string | undefined): string | undefined {
  return text === undefined ? undefined : statedReason('--accept-drift', text);
}
