/** Why a place is closed, in one sentence: where, by whom, until when, why. */
import type { Closure } from '../deployment/closure.ts';
import { outsideWords } from './window-words.ts';
import { placeName, type Freeze } from '../deployment/freeze.ts';

export function closureSentence({ freezes, outside }: Closure): string {
  const causes = [...freezes.map(freezeWords), ...(outside ? [outsideWords(outside)] : [])];
  return `${causes.join('; ')}.`;
}

/** `production is frozen by ada until 2026-12-01T09:00:00.000Z (freeze 3): audit`. */
export function freezeWords(freeze: Freeze): string {
  const { id, actor, reason, until } = freeze;
  const end = until === null ? 'until it is lifted' : `until ${until}`;
  return `${placeName(freeze)} is frozen by ${actor} ${end} (freeze ${id}): ${reason}`;
}
