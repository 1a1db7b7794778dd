/** Routes as data: each names the action it needs, so that no handler can forget to ask. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from './http-error.ts';
import type { Newsroom } from './newsroom.ts';
import { may, type Action } from './permissions.ts';
import type { User } from './user-store.ts';

export interface Call {
  readonly newsroom: Newsroom;
  readonly request: IncomingMessage;
  readonly url: URL;
  /** The named parts of the path, decoded. */
  readonly parts: Readonly<Record<string, string>>;
  /** Null for a visitor. */
  readonly user: User | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** A function takes the response over and ends it itself. */
  readonly body: string | Buffer | ((response: ServerResponse) => void);
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/articles/:id`: a part after a colon takes one segment. */
  readonly path: string;
  readonly action: Action;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export type Router = (call: Omit<Call, 'parts'>) => Promise<Answer>;

export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map((route) => ({ route, segments: route.path.split('/') }));
  return async (call) => {
    const method = call.request.method === 'HEAD' ? 'GET' : call.request.method;
    const segments = call.url.pathname.split('/');
    const matching = compiled.filter((candidate) => matches(candidate.segments, segments));
    if (matching.length === 0) throw new HttpError(404, 'There is no such page.');
    const found = matching.find((candidate) => candidate.route.method === method);
    if (!found) {
      const allow = matching.map((candidate) => candidate.route.method).join(', ');
      throw new HttpError(405, `This address takes ${allow} only.`, { allow });
    }
    if (!may(call.user?.role ?? 'visitor', found.route.action)) {
      if (call.user === null) throw new HttpError(401, 'Log in first.');
      throw new HttpError(403, `Your role, ${call.user.role}, may not do this.`);
    }
    return found.route.handle({ ...call, parts: partsOf(found.segments, segments) });
  };
}

/** The id in the path; what is not a number names nothing. */
export function idIn(call: Call): number {
  const text = call.parts['id'] ?? '';
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new HttpError(404, 'There is no such page.');
  return Number(text);
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, i) => (part.startsWith(':') ? segments[i] !== '' : part === segments[i]))
  );
}

function partsOf(
  pattern: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> {
  const parts: Record<string, string> = {};
  for (const [i, part] of pattern.entries()) {
    if (part.startsWith(':')) parts[part.slice(1)] = decode(segments[i] ?? '');
  }
  return parts;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Malformed percent signs are the client's mistake, not ours.
    throw new HttpError(400, 'The address is not well encoded.');
  }
}
