/** Why a part of a report is no JSON, and where, as people need it to find the place. */
import { beginningOf, EMPTY } from './beginning-of.ts';

export interface JsonText {
  readonly text: string;
  /** Whether it is where the document begins. */
  readonly isBeginning: boolean;
  /** Where in the document a letter of the text is, in bytes. */
  readonly byteAt: (offset: number) => number;
}

export function jsonFault({ text, isBeginning, byteAt }: JsonText, error: unknown): string {
  if (isBeginning) {
    if (text.trim() === '') return `${EMPTY.slice(0, -1)}, at byte 0.`;
    const start = text.search(/\S/);
    if (!/[{[]/.test(text[start] ?? '')) {
      const { shown, remedy } = beginningOf(text);
      return `It is no JSON: ${shown}, at byte ${byteAt(start)}. ${remedy}`;
    }
  }
  const message = error instanceof Error ? error.message : String(error);
  const [, reason = message, position] = AT.exec(message) ?? [];
  const isEnd = message.startsWith('Unexpected end');
  if (position !== undefined || isEnd) {
    const offset = isEnd ? text.length : Number(position);
    return `It is no JSON: ${reason}, at byte ${byteAt(offset)}.`;
  }
  // The engine shows what stands around it, and says not where that is.
  return `It is no JSON: ${message}, in what begins at byte ${byteAt(0)}.`;
}

const AT = /^(.*?)(?: in JSON)? at position (\d+)/;
