/** Compares an answer with what is expected, and puts both into words. */
import { isDeepStrictEqual } from 'node:util';
import type { HttpAnswer } from './ask.ts';
import type { HttpExpectation } from './http-probe-config.ts';

export interface JudgedAnswer {
  readonly ok: boolean;
  readonly observed: string;
}

export function judgeAnswer(answer: HttpAnswer, expect: HttpExpectation): JudgedAnswer {
  const misses = [
    statusMiss(answer, expect),
    ...headerMisses(answer, expect),
    encodingMiss(answer, expect) ?? jsonMiss(answer, expect) ?? textMiss(answer, expect),
  ].filter((miss) => miss !== null);
  const observed = [`status ${answer.status}`, ...misses].join(', ');
  return { ok: misses.length === 0, observed };
}

export function describeExpectation({ status, header, json, text }: HttpExpectation): string {
  return [
    `status ${[status].flat().join(' or ')}`,
    ...Object.entries(header ?? {}).map(([name, value]) => `header ${name}: ${value}`),
    ...(json ? [`JSON with ${JSON.stringify(json)}`] : []),
    ...(text === undefined ? [] : [`text ${JSON.stringify(text)}`]),
  ].join(', ');
}

function statusMiss({ status, headers }: HttpAnswer, expect: HttpExpectation): string | null {
  if ([expect.status].flat().includes(status)) return null;
  const { location } = headers;
  return location === undefined
    ? 'which is not accepted'
    : `a redirect to ${location}, not followed`;
}

function headerMisses({ headers }: HttpAnswer, { header }: HttpExpectation): readonly string[] {
  return Object.entries(header ?? {}).flatMap(([name, value]) => {
    const seen = headers[name.toLowerCase()];
    if ([seen].flat().join(', ') === value) return [];
    return [seen === undefined ? `no header ${name}` : `header ${name}: ${String(seen)}`];
  });
}

/** Nothing is ever unpacked: a small answer could become a huge one. */
function encodingMiss({ headers }: HttpAnswer, { json, text }: HttpExpectation): string | null {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return null;
  if (json === undefined && text === undefined) return null;
  return `the body is encoded as ${encoding} although that was not accepted`;
}

function jsonMiss({ body }: HttpAnswer, { json }: HttpExpectation): string | null {
  if (json === undefined) return null;
  const text = body.toString('utf8');
  if (text === '') return 'an empty body instead of JSON';
  let seen: unknown;
  try {
    seen = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return `no JSON but ${JSON.stringify(text.slice(0, 80))}`;
  }
  const [first] = differences(seen, json, 'json');
  return first ?? null;
}

/** Every key that is expected, at its place; the answer may hold more keys, never more items. */
function differences(seen: unknown, expected: unknown, path: string): readonly string[] {
  if (isObject(expected) && isObject(seen)) {
    return Object.entries(expected).flatMap(([key, value]) =>
      Object.hasOwn(seen, key)
        ? differences(seen[key], value, `${path}.${key}`)
        : [`${path}.${key} is missing`],
    );
  }
  if (Array.isArray(expected) && Array.isArray(seen) && expected.length === seen.length) {
    return expected.flatMap((value, index) => differences(seen[index], value, `${path}[${index}]`));
  }
  return isDeepStrictEqual(seen, expected) ? [] : [`${path} is ${JSON.stringify(seen)}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textMiss({ body }: HttpAnswer, { text }: HttpExpectation): string | null {
  if (text === undefined) return null;
  const seen = body.toString('utf8');
  if (seen.includes(text)) return null;
  return seen === ''
    ? 'an empty body'
    : `without the text, beginning ${JSON.stringify(seen.slice(0, 80))}`;
}
