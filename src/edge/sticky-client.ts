/** By what a client stays with its release; one that brings nothing gets a cookie. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Assignment } from '../core/model/routing.ts';
import { cameByTls } from './forwarded-headers.ts';
import type { NewCookie } from './sticky-cookie.ts';
import { stickyKeyOf } from './sticky-key.ts';

export interface StickyClient {
  /** Null when each of its requests has its turn. */
  readonly key: string | null;
  readonly newCookie: NewCookie | null;
}

export function stickyClientOf(message: IncomingMessage, assignment: Assignment): StickyClient {
  const key = stickyKeyOf(message.headers, assignment);
  if (key !== null || assignment.by === 'header') return { key, newCookie: null };
  const value = randomUUID();
  const newCookie = { name: assignment.name, value, isSecure: cameByTls(message) };
  return { key: value, newCookie };
}
