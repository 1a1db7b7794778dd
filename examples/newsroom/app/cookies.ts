/** The session cookie. `__Host-` is not used: the newsroom is also run without TLS. */
import type { IncomingMessage } from 'node:http';
import { SESSION_SECONDS } from './user-store.ts';

const NAME = 'newsroom_session';

export function sessionTokenIn(request: IncomingMessage): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=');
    if (name === NAME && value !== undefined && value !== '') return value;
  }
  return null;
}

export function sessionCookie(request: IncomingMessage, token: string): string {
  const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
  return `${NAME}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${SESSION_SECONDS}${secure}`;
}

export const endedSessionCookie = `${NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
