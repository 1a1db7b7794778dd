/**
 * A key that stands twice in one object of a JSON text: the engine's parser takes the last and says nothing, and others
 * take the first. Nearly all documents have none, which is seen by counting.
 */

export interface DoubledKey {
  readonly key: string;
  /** Where in the text it stands for the second time. */
  readonly offset: number;
}

/** `value`: what the text is parsed to. Null when there is none. */
export function doubledKey(text: string, value: unknown): DoubledKey | null {
  return writtenKeys(text) === keptKeys(value) ? null : firstDoubled(text);
}

/** Without a full stop. */
export function doubledInWords({ key }: DoubledKey): string {
  return `The key ${JSON.stringify(key.slice(0, KEY_SHOWN_MAX))} stands twice in one object`;
}

const KEY_SHOWN_MAX = 60;
const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];

/** Each has a colon behind it, and nothing else has one outside of strings. */
function writtenKeys(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COLON) count += 1;
    else if (code === QUOTE) at = stringEnd(text, at);
  }
  return count;
}

/** Of a string that begins at `from`: its closing quote. */
function stringEnd(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end > 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

/** However deep: nothing is called for what lies within. */
function keptKeys(root: unknown): number {
  let count = 0;
  const waiting = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (Array.isArray(value)) {
      for (const child of value) if (typeof child === 'object') waiting.push(child);
    } else if (typeof value === 'object' && value !== null) {
      const parent = value as Readonly<Record<string, unknown>>;
      for (const key in parent) {
        count += 1;
        if (typeof parent[key] === 'object') waiting.push(parent[key]);
      }
    }
  }
  return count;
}

function firstDoubled(text: string): DoubledKey | null {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '{' || letter === '[') open.push(new Set());
    else if (letter === '}' || letter === ']') open.pop();
    else if (letter === '"') {
      const end = stringEnd(text, at);
      COLON_NEXT.lastIndex = end + 1;
      if (COLON_NEXT.test(text)) {
        const key = JSON.parse(text.slice(at, end + 1)) as string;
        const keys = open.at(-1);
        if (keys?.has(key)) return { key, offset: at };
        keys?.add(key);
      }
      at = end;
    }
  }
  return null;
}

const COLON_NEXT = /\s*:/y;
