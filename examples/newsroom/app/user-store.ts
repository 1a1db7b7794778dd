/** Users and their sessions. A session outlives the release that opened it: it lies in the database. */
import { createHash, randomBytes } from 'node:crypto';
import type { Database } from './database.ts';
import { isPassword } from './password.ts';
import type { Role } from './permissions.ts';

export interface User {
  readonly id: number;
  readonly name: string;
  readonly role: Exclude<Role, 'visitor'>;
}

export const SESSION_SECONDS = 12 * 3600;

/** Null when the name or the password is wrong; which of them is not said. */
export async function findUserByPassword(
  database: Database,
  name: string,
  password: string,
): Promise<User | null> {
  const { rows } = await database.query<User & { password: string }>(
    'select id, name, role, password from users where name = $1',
    [name],
  );
  const user = rows[0];
  const matches = await isPassword(password, user?.password ?? null);
  return user && matches ? { id: user.id, name: user.name, role: user.role } : null;
}

/** Returns the token for the cookie; the database keeps only its digest. */
export async function openSession(database: Database, user: User): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await database.query(
    'insert into sessions (token_digest, user_id, expires_at) values ($1, $2, now() + make_interval(secs => $3))',
    [digestOf(token), user.id, SESSION_SECONDS],
  );
  return token;
}

export async function findUserBySession(database: Database, token: string): Promise<User | null> {
  const { rows } = await database.query<User>(
    `select users.id, users.name, users.role from sessions join users on users.id = sessions.user_id
     where token_digest = $1 and expires_at > now()`,
    [digestOf(token)],
  );
  return rows[0] ?? null;
}

export async function closeSession(database: Database, token: string): Promise<void> {
  await database.query('delete from sessions where token_digest = $1', [digestOf(token)]);
}

export async function listUsers(database: Database): Promise<readonly User[]> {
  const { rows } = await database.query<User>('select id, name, role from users order by name');
  return rows;
}

/** False when there is no such user. */
export async function changeRole(database: Database, id: number, role: Role): Promise<boolean> {
  const { rowCount } = await database.query('update users set role = $2 where id = $1', [id, role]);
  return rowCount === 1;
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
