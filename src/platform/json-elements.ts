/**
 * Reads a JSON document of any length in the memory of one element: those of chosen arrays come one by one, and in the
 * end the rest of the document, in which these arrays are empty. Where elements begin and end is found here, whether
 * they are JSON by the engine's own parser, of those that are read.
 */
import { isUtf8 } from 'node:buffer';
import { operationalError, type OperationalError } from '../core/operational-error.ts';
import { doubledInWords, doubledKey } from './doubled-key.ts';
import { jsonFault } from './json-fault.ts';

/** Keys from the top down to an array; `*` for any key, and for any place in an array. */
export type JsonPath = readonly string[];

export type JsonPart =
  /** `place`: the keys that led to its array, of an array the place in it. */
  | { readonly kind: 'element'; readonly place: JsonPath; readonly read: () => unknown }
  | { readonly kind: 'rest'; readonly read: () => unknown };

export interface JsonLimits {
  readonly elementBytesMax: number;
  /** Of all that is in no chosen array. */
  readonly restBytesMax: number;
  readonly depthMax: number;
}

const MIB = 1024 * 1024;
const LIMITS: JsonLimits = { elementBytesMax: 8 * MIB, restBytesMax: 32 * MIB, depthMax: 200 };

/**
 * Throws `report-invalid`, with the byte where it is, for what is too deep or too large; reading a part does so for
 * what is no JSON. Only who reads the rest knows that nothing is cut off.
 */
export async function* jsonElements(
  chunks: AsyncIterable<Buffer>,
  paths: readonly JsonPath[],
  limits: JsonLimits = LIMITS,
): AsyncGenerator<JsonPart> {
  const cursor = newCursor(paths, limits.depthMax);
  const rest = newPiece('What is in no list', limits.restBytesMax);
  const element = newPiece('An element', limits.elementBytesMax);
  let place: JsonPath = [];
  let isBehindComma = false;
  let passed = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (cursor.chosen) at = passElement(cursor, chunk, at, passed);
      if (at === chunk.length) break;
      const boundary = step(cursor, chunk[at] ?? 0, passed + at);
      if (boundary === null) continue;
      if (boundary === 'opened') {
        add(rest, chunk.subarray(from, at + 1), passed + from);
        place = cursor.chosen ?? place;
      } else {
        add(element, chunk.subarray(from, at), passed + from);
        const taken = take(element, passed + at);
        const isSole = boundary === 'closed' && !isBehindComma;
        const isNone = isSole && textOf(taken).trim() === '';
        if (!isNone) yield { kind: 'element', place, read: readerOf(taken) };
      }
      isBehindComma = boundary === 'comma';
      from = boundary === 'closed' ? at : at + 1;
    }
    add(cursor.chosen ? element : rest, chunk.subarray(from), passed + from);
    passed += chunk.length;
  }
  yield { kind: 'rest', read: readerOf(take(rest, passed)) };
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
/** A longer key is in no path. */
const KEY_BYTES_MAX = 256;

/** A byte at which a chosen array opens, or one of its elements ends. */
type Boundary = 'opened' | 'comma' | 'closed';

interface Cursor {
  readonly paths: readonly JsonPath[];
  readonly depthMax: number;
  /** Those that are open, outside of elements of chosen arrays. */
  readonly containers: Container[];
  /** Where the array is that is being read element by element; null outside of these. */
  chosen: JsonPath | null;
  /** How many containers are open within the element. */
  nested: number;
  isInString: boolean;
  isEscaped: boolean;
  /** Bytes of the key that is being read. */
  key: number[] | null;
}

interface Container {
  /** Of the member at hand; in an array its place. */
  key: string | number;
  isKeyNext: boolean;
}

function newCursor(paths: readonly JsonPath[], depthMax: number): Cursor {
  return {
    ...{ paths, depthMax, containers: [], chosen: null, nested: 0 },
    ...{ isInString: false, isEscaped: false, key: null },
  };
}

function step(cursor: Cursor, byte: number, at: number): Boundary | null {
  if (cursor.chosen) return stepInElements(cursor, byte);
  if (cursor.isInString) stepInString(cursor, byte);
  else if (byte === QUOTE) beginString(cursor);
  else return stepInRest(cursor, byte, at);
  return null;
}

function beginString(cursor: Cursor): void {
  cursor.isInString = true;
  cursor.key = cursor.containers.at(-1)?.isKeyNext === true ? [] : null;
}

function stepInString(cursor: Cursor, byte: number): void {
  const { key } = cursor;
  if (cursor.isEscaped) cursor.isEscaped = false;
  else if (byte === BACKSLASH) cursor.isEscaped = true;
  else if (byte === QUOTE) {
    cursor.isInString = false;
    const container = cursor.containers.at(-1);
    if (key && container) container.key = keyOf(key);
    cursor.key = null;
    return;
  }
  if (key && key.length < KEY_BYTES_MAX) key.push(byte);
}

function keyOf(bytes: readonly number[]): string {
  try {
    return JSON.parse(`"${Buffer.from(bytes).toString('utf8')}"`) as string;
  } catch {
    // The rest of the document, of which it is a part, is no JSON either, which is found in the end.
    return '';
  }
}

/**
 * On to the byte that ends the element at hand, or to the end of the chunk. Nearly all bytes of a large document are
 * passed here, so that nothing is called for any of them.
 */
function passElement(cursor: Cursor, chunk: Buffer, from: number, passed: number): number {
  const depthMax = cursor.depthMax - cursor.containers.length;
  let { nested, isInString } = cursor;
  let at = cursor.isEscaped ? from + 1 : from;
  for (; at < chunk.length; at += 1) {
    const byte = chunk[at] ?? 0;
    if (isInString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      nested += 1;
      if (nested > depthMax) throw tooDeep(cursor, passed + at);
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (nested === 0) break;
      nested -= 1;
    } else if (byte === COMMA && nested === 0) break;
  }
  cursor.nested = nested;
  cursor.isInString = isInString;
  // What is escaped by the last byte of a chunk is the first of the next.
  cursor.isEscaped = at > chunk.length;
  return Math.min(at, chunk.length);
}

/** At a byte that ends an element. */
function stepInElements(cursor: Cursor, byte: number): Boundary {
  if (byte === COMMA) return 'comma';
  cursor.chosen = null;
  cursor.containers.pop();
  return 'closed';
}

function stepInRest(cursor: Cursor, byte: number, at: number): Boundary | null {
  const { containers, paths } = cursor;
  const container = containers.at(-1);
  switch (byte) {
    case OPEN_OBJECT:
    case OPEN_ARRAY: {
      const isArray = byte === OPEN_ARRAY;
      const place = containers.map(({ key }) => String(key));
      cursor.chosen = isArray && paths.some((path) => leadsTo(path, place)) ? place : null;
      containers.push({ key: isArray ? 0 : '', isKeyNext: !isArray });
      if (containers.length > cursor.depthMax) throw tooDeep(cursor, at);
      return cursor.chosen ? 'opened' : null;
    }
    case CLOSE_OBJECT:
    case CLOSE_ARRAY:
      containers.pop();
      return null;
    case COLON:
      if (container) container.isKeyNext = false;
      return null;
    case COMMA:
      if (typeof container?.key === 'number') container.key += 1;
      else if (container) container.isKeyNext = true;
      return null;
    default:
      return null;
  }
}

function leadsTo(path: JsonPath, place: readonly string[]): boolean {
  return path.length === place.length && path.every((key, at) => key === '*' || key === place[at]);
}

function tooDeep({ depthMax }: Cursor, at: number): OperationalError {
  return invalid(`It is nested deeper than ${depthMax} levels`, at);
}

/** Bytes that belong together, from one chunk or several. */
interface Piece {
  readonly what: string;
  readonly bytesMax: number;
  parts: Part[];
  bytes: number;
}

interface Part {
  readonly bytes: Buffer;
  /** Where they begin in the document. */
  readonly at: number;
}

function newPiece(what: string, bytesMax: number): Piece {
  return { what, bytesMax, parts: [], bytes: 0 };
}

function add(piece: Piece, bytes: Buffer, at: number): void {
  if (bytes.length === 0) return;
  piece.bytes += bytes.length;
  if (piece.bytes > piece.bytesMax) {
    throw invalid(`${piece.what} is longer than ${piece.bytesMax} bytes`, at);
  }
  piece.parts.push({ bytes, at });
}

interface Taken {
  readonly parts: readonly Part[];
  /** Where the document goes on behind them. */
  readonly end: number;
}

function take(piece: Piece, end: number): Taken {
  const { parts } = piece;
  piece.parts = [];
  piece.bytes = 0;
  return { parts, end };
}

function textOf({ parts, end }: Taken): string {
  const [first, second] = parts;
  const bytes = first && !second ? first.bytes : Buffer.concat(parts.map((part) => part.bytes));
  if (!isUtf8(bytes)) throw invalid('It is not in UTF-8', end);
  return bytes.toString('utf8');
}

/** Not before it is asked for: of a document that is read twice many elements are read once. */
function readerOf(taken: Taken): () => unknown {
  return () => parsed(textOf(taken), taken);
}

function parsed(whole: string, taken: Taken): unknown {
  const text = whole.startsWith('\uFEFF') ? whole.slice(1) : whole;
  const skipped = whole.length - text.length;
  const byteAt = (offset: number): number =>
    documentByte(taken, Buffer.byteLength(whole.slice(0, offset + skipped)));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const isBeginning = (taken.parts[0]?.at ?? taken.end) === 0;
    throw operationalError('report-invalid', jsonFault({ text, isBeginning, byteAt }, error));
  }
  const doubled = doubledKey(text, value);
  if (doubled === null) return value;
  throw invalid(doubledInWords(doubled), byteAt(doubled.offset));
}

/** Of a byte in what was taken, which need not have stood together. */
function documentByte({ parts, end }: Taken, offset: number): number {
  let before = 0;
  for (const { bytes, at } of parts) {
    if (offset < before + bytes.length) return at + offset - before;
    before += bytes.length;
  }
  return end;
}

function invalid(what: string, at: number): OperationalError {
  return operationalError('report-invalid', `${what}, at byte ${at}.`);
}
