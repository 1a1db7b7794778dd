/** The user of a call whose route lets no visitor in. */
import { HttpError } from './http-error.ts';
import type { Call } from './router.ts';
import type { User } from './user-store.ts';

export function signedIn(call: Call): User {
  if (call.user === null) throw new HttpError(401, 'Log in first.');
  return call.user;
}
