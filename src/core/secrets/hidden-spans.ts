/** Where secrets stand in a text; those that overlap are one. */
import { placeOfPair, type SecretWord, type SecretWords } from './secret-words.ts';

export interface HiddenSpan {
  readonly start: number;
  readonly end: number;
}

/** In order. `before`: where they must begin; behind it the text may have to be longer to tell. */
export function hiddenSpans(
  text: string,
  { byFirst, mayBegin }: SecretWords,
  before: number = text.length,
): readonly HiddenSpan[] {
  const spans: HiddenSpan[] = [];
  for (let at = 0; at < before; at += 1) {
    if (mayBegin[placeOfPair(text.charCodeAt(at), text.charCodeAt(at + 1))] !== 1) continue;
    const words = byFirst.get(text.charCodeAt(at));
    if (!words) continue;
    const end = words.reduce((last, word) => Math.max(last, endOf(text, at, word)), at);
    if (end === at) continue;
    const open = spans.at(-1);
    if (!open || at >= open.end) spans.push({ start: at, end });
    else if (end > open.end) spans[spans.length - 1] = { start: open.start, end };
  }
  return spans;
}

/** Of the longest way to read it there; where it is not, none. */
function endOf(text: string, at: number, word: SecretWord): number {
  let ends = [at];
  for (const forms of word) {
    const next: number[] = [];
    for (const end of ends) {
      for (const form of forms) {
        const behind = end + form.length;
        if (text.startsWith(form, end) && !next.includes(behind)) next.push(behind);
      }
    }
    if (next.length === 0) return at;
    ends = next;
  }
  return Math.max(...ends);
}
