/** Reads a request's JSON ahead of its route and refuses what nothing behind it could carry. */
import type { Context, Next } from 'hono';
import { operationalError } from '../core/operational-error.ts';

/** Far deeper than any request is, and far from what a recursive reader can bear. */
const DEPTH_MAX = 32;

export async function readBody(context: Context, next: Next): Promise<void> {
  if (context.req.method === 'POST') {
    const type = context.req.header('content-type') ?? '';
    if (!/^application\/json *(;|$)/i.test(type)) {
      throw operationalError('request-invalid', 'The content type must be application/json.');
    }
    const fault = faultIn(await parsed(context));
    if (fault !== null) throw operationalError('request-invalid', `The body ${fault}.`);
  }
  await next();
}

async function parsed(context: Context): Promise<unknown> {
  try {
    return await context.req.json<unknown>();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw operationalError('request-invalid', `The body is not JSON: ${error.message}.`, {
      cause: error,
    });
  }
}

function faultIn(body: unknown): string | null {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: body, depth: 1 }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { value, depth } = item;
    if (typeof value === 'string' && !isStorable(value)) {
      return 'holds a NUL or half of a surrogate pair, which no record can keep';
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEPTH_MAX) return `is nested more than ${DEPTH_MAX} levels deep`;
    for (const [key, inner] of Object.entries(value)) {
      open.push({ value: key, depth }, { value: inner, depth: depth + 1 });
    }
  }
  return null;
}

/** PostgreSQL keeps neither. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
