/** Changes of what stands beside a content by somebody who can write JSON, and has no key. */
import type { ByteMutation } from './byte-mutations.ts';
import type { Draw } from './draw.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export const ofText = {
  'a digit changed': (bytes, draw) => {
    const text = bytes.toString();
    const digits = [...text.matchAll(/[0-9]/g)];
    const found = digits[draw.below(digits.length)];
    if (!found) return bytes;
    const other = String((Number(found[0]) + 1 + draw.below(9)) % 10);
    return Buffer.from(`${text.slice(0, found.index)}${other}${text.slice(found.index + 1)}`);
  },
  'a field changed': (bytes, draw) => rewritten(bytes, (value) => changed(value, draw)),
  'a field taken out': (bytes, draw) => rewritten(bytes, (value) => reduced(value, draw)),
  'a field added': (bytes, draw) => rewritten(bytes, (value) => extended(value, draw)),
  'a field twice': (bytes) => {
    const value = JSON.stringify((JSON.parse(bytes.toString()) as { readonly value: Json }).value);
    return Buffer.from(bytes.toString().replace('{', `{"value": ${value.replace('1', '2')},`));
  },
  'another seal': (bytes, draw) =>
    Buffer.from(
      bytes.toString().replace(/"seal": "[^"]*"/, `"seal": "${draw.bytes(32).toString('hex')}"`),
    ),
  'white space': (bytes, draw) => {
    const gaps = [...bytes.toString().matchAll(/\n/g)];
    const at = gaps[draw.below(gaps.length)]?.index ?? 0;
    const space = draw.of([' ', '\n', '\t', '\r\n']);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(space), bytes.subarray(at)]);
  },
  'otherwise spelt': (bytes, draw) => {
    const text = bytes.toString();
    const letters = [...text.matchAll(/(?<=")[a-z]/g)];
    const found = letters[draw.below(letters.length)];
    if (!found) return bytes;
    const code = found[0].charCodeAt(0).toString(16).padStart(4, '0');
    return Buffer.from(`${text.slice(0, found.index)}\\u${code}${text.slice(found.index + 1)}`);
  },
  'nothing left': () => Buffer.alloc(0),
} as const satisfies Readonly<Record<string, ByteMutation>>;

/** A verification that failed made one that passed. */
export function passing(bytes: Buffer): Buffer {
  return Buffer.from(
    bytes.toString().replace('"isPassed": false', '"isPassed": true').replaceAll('unmet', 'met'),
  );
}

/** In the form in which it was written. */
function rewritten(bytes: Buffer, change: (value: Json) => Json): Buffer {
  const parsed = JSON.parse(bytes.toString()) as { readonly value: Json };
  return Buffer.from(`${JSON.stringify({ ...parsed, value: change(parsed.value) }, null, 2)}\n`);
}

function changed(value: Json, draw: Draw): Json {
  if (typeof value === 'string')
    return draw.of([`${value}x`, value.slice(1), '', value.toUpperCase()]);
  if (typeof value === 'number') return draw.of([value + 1, -value, 0, value * 2]);
  if (typeof value === 'boolean') return !value;
  return value === null ? 0 : within(value, draw, (inner) => changed(inner, draw));
}

function reduced(value: Json, draw: Draw): Json {
  if (value === null || typeof value !== 'object') return null;
  if (draw.below(2) === 0) return within(value, draw, (inner) => reduced(inner, draw));
  if (isList(value)) return value.toSpliced(draw.below(value.length), 1);
  const names = Object.keys(value);
  const gone = names[draw.below(names.length)];
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== gone));
}

function extended(value: Json, draw: Draw): Json {
  if (value === null || typeof value !== 'object') return [value];
  if (draw.below(2) === 0) return within(value, draw, (inner) => extended(inner, draw));
  if (isList(value)) return [...value, value[draw.below(value.length)] ?? null];
  return {
    ...value,
    [draw.of(['isPassed', 'more', '__proto__', 'id'])]: draw.of<Json>([1, true, 'x']),
  };
}

function within(
  value: readonly Json[] | Readonly<Record<string, Json>>,
  draw: Draw,
  change: (inner: Json) => Json,
): Json {
  if (isList(value)) {
    const at = draw.below(value.length);
    return value.map((item, index) => (index === at ? change(item) : item));
  }
  const names = Object.keys(value);
  const name = names[draw.below(names.length)];
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === name ? change(item) : item]),
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
