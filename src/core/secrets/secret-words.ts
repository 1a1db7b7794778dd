/** Secrets, made ready to be looked for in texts in any of the forms in which these write them. */
import { base64Cores } from './base64-cores.ts';
import { writtenForms } from './written-forms.ts';

/** Piece by piece, in which forms each may stand. */
export type SecretWord = readonly (readonly string[])[];

export interface SecretWords {
  /** By the code of the first character of one of their forms. */
  readonly byFirst: ReadonlyMap<number, readonly SecretWord[]>;
  /** By the bytes of two characters, whether one of them may begin so: most of a text is passed over by this. */
  readonly mayBegin: Uint8Array;
  /** How long one of them may be in a text. */
  readonly lengthMax: number;
}

/** `rawOf`: what a text has for a piece that it writes as it is. */
export function secretWords(
  secretValues: readonly string[],
  rawOf: (piece: string) => string = (piece) => piece,
): SecretWords {
  const texts = new Set(secretValues.flatMap(partsOf));
  const cores = new Set(secretValues.flatMap(base64Cores));
  const words = [...[...texts].map((text) => wordOf(text, rawOf)), ...[...cores].map(wordOfBase64)];
  const byFirst = new Map<number, SecretWord[]>();
  const mayBegin = new Uint8Array(65_536);
  for (const word of words) {
    for (const code of new Set((word[0] ?? []).map((form) => form.charCodeAt(0)))) {
      byFirst.set(code, [...(byFirst.get(code) ?? []), word]);
    }
    markBeginnings(mayBegin, word);
  }
  const lengthMax = words.map(lengthOf).reduce((one, other) => Math.max(one, other), 0);
  return { byFirst, mayBegin, lengthMax };
}

/** A line shorter than this says little, and stands in many texts. */
const LINE_MIN = 8;

/** The whole, and each line of it: tools print them apart. */
function partsOf(secret: string): readonly string[] {
  const whole = secret.replaceAll('\r\n', '\n').replace(/\n+$/, '');
  const lines = whole
    .split(/[\n\r]/)
    .map((line) => line.trim())
    .filter((line) => line.length >= LINE_MIN && !ARMOUR.test(line));
  return [whole, ...(/[\n\r]/.test(whole) ? lines : [])].filter((part) => part !== '');
}

/** The same around every key. */
const ARMOUR = /^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/;

function wordOf(text: string, rawOf: (piece: string) => string): SecretWord {
  return piecesOf(text).map((piece) => writtenForms(piece, rawOf(piece)));
}

function piecesOf(text: string): readonly string[] {
  return text.match(/[A-Za-z0-9]+|[^]/gu) ?? [];
}

/** In either of the alphabets. */
function wordOfBase64(core: string): SecretWord {
  return piecesOf(core).map((piece) => {
    const forms = writtenForms(piece, piece);
    if (piece === '+') return [...forms, '-'];
    return piece === '/' ? [...forms, '_'] : forms;
  });
}

/** At which place of `mayBegin` two characters stand; what is behind the end of a text is 0. */
export function placeOfPair(first: number, second: number): number {
  return ((first & 255) << 8) | (second & 255);
}

function markBeginnings(mayBegin: Uint8Array, [forms = [], next]: SecretWord): void {
  for (const form of forms) {
    const seconds = form.length > 1 ? [form.slice(1)] : next;
    // Of a single character anything stands behind it.
    const codes = seconds?.map((each) => each.charCodeAt(0)) ?? Array.from({ length: 256 }).keys();
    for (const code of codes) mayBegin[placeOfPair(form.charCodeAt(0), code)] = 1;
  }
}

function lengthOf(word: SecretWord): number {
  return word.reduce((sum, forms) => sum + Math.max(...forms.map(({ length }) => length)), 0);
}
