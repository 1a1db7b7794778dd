/** What of a mirrored request's answer is compared; made from what came over the wire. */
import { createHash } from 'node:crypto';

export interface ReducedAnswer {
  readonly status: number;
  /** Of the headers that matter: name in lower case to value, in a form that is the same for the same meaning. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReducedBody;
}

export type ReducedBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'JSON'; readonly text: string }
  /** Pages, styles and programs change with every release: that there is one is all that counts. */
  | { readonly kind: 'text' }
  | { readonly kind: 'binary'; readonly digest: string };

/** How a mirrored request ended. */
export type MirroredOutcome =
  | { readonly kind: 'answered'; readonly answer: ReducedAnswer }
  /** No connection, one that broke, or no whole answer in time. */
  | { readonly kind: 'refused' | 'reset' | 'late' };

export interface RawAnswer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** Decoded, and cut off where `isWhole` is false. */
  readonly body: Buffer;
  readonly isWhole: boolean;
  /** All that came, kept or not. */
  readonly length: number;
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;
const TEXT_TYPE = /^(?:text\/|application\/(?:javascript|xml|[\w.-]+\+xml|wasm)\b|image\/svg)/i;

export function reduceAnswer(raw: RawAnswer, compared: readonly string[]): ReducedAnswer {
  return {
    status: raw.status,
    headers: reducedHeaders(raw.headers, compared),
    body: reducedBody(raw),
  };
}

function reducedHeaders(
  raw: readonly string[],
  compared: readonly string[],
): Readonly<Record<string, string>> {
  const found = new Map<string, string[]>();
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    if (!compared.includes(name)) continue;
    found.set(name, [...(found.get(name) ?? []), ...partsOf(name, raw[index + 1] ?? '')]);
  }
  return Object.fromEntries(
    [...found].map(([name, parts]) => [name, [...new Set(parts)].sort().join(', ')] as const),
  );
}

/** Lists have no order here; of a cookie only its name is looked at, for its value is somebody's. */
function partsOf(name: string, value: string): readonly string[] {
  if (name === 'set-cookie') return [value.split('=', 1)[0]?.trim() ?? ''];
  if (name === 'location') return [value];
  return value.split(',').map((part) => part.trim().toLowerCase());
}

function reducedBody({ headers, body, isWhole, length }: RawAnswer): ReducedBody {
  if (length === 0) return { kind: 'empty' };
  const type = contentTypeOf(headers);
  if (JSON_TYPE.test(type) && isWhole) return { kind: 'JSON', text: body.toString('utf8') };
  if (TEXT_TYPE.test(type)) return { kind: 'text' };
  const digest = createHash('sha256').update(body).update(String(length)).digest('hex');
  return { kind: 'binary', digest };
}

function contentTypeOf(headers: readonly string[]): string {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === 'content-type') return headers[index + 1] ?? '';
  }
  return '';
}
