/**
 * Where the embedded PostgreSQL of a state directory keeps its files, and as which user it runs.
 * PostgreSQL refuses to run as root; as root Surefoot therefore gives it an unprivileged user and a
 * place that this user can reach. The location and the password are recorded in `postgres.json`.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { operationalError } from '../core/operational-error.ts';
import { readPostmaster } from './postmaster.ts';
import type { Account } from './run-program.ts';
import type { StateDirectory } from './state-directory.ts';
import { unprivilegedAccount } from './unprivileged-account.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** Used as root when the state directory lies where the unprivileged user cannot go. */
const REACHABLE_ROOT = '/var/lib/surefoot';
const ACCOUNT_NAMES = ['postgres', 'nobody'];

export interface PostgresPlace {
  /** Owned by Surefoot's user; what PostgreSQL owns lies below. */
  readonly root: string;
  readonly dataDirectory: string;
  /** Mode 0700: nobody but PostgreSQL's user and root comes as far as the password prompt. */
  readonly socketDirectory: string;
  readonly password: string;
  /** Null: PostgreSQL runs as Surefoot's own user. */
  readonly account: Account | null;
}

const recordSchema = z.object({ root: z.string(), password: z.string() });

export function postgresRecordFile(directory: StateDirectory): string {
  return join(directory.root, 'postgres.json');
}

/** The recorded place; null when this state directory never had an embedded PostgreSQL. */
export async function readPostgresPlace(directory: StateDirectory): Promise<PostgresPlace | null> {
  const path = postgresRecordFile(directory);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw unusable(`${path} cannot be read`, error);
  }
  const record = recordSchema.safeParse(parseJson(text));
  if (!record.success) throw unusable(`${path} is damaged`, record.error);
  return await placeOf(record.data);
}

/**
 * Records a place and creates its folders, or repairs what is missing of the recorded one. The
 * caller holds the state directory's PostgreSQL lock.
 */
export async function preparePostgresPlace(
  directory: StateDirectory,
  reachableRoot = REACHABLE_ROOT,
): Promise<PostgresPlace> {
  let place = await readPostgresPlace(directory);
  if (place === null) {
    const record = {
      root: await chooseRoot(directory, reachableRoot),
      password: randomBytes(24).toString('base64url'),
    };
    await putAside(record.root);
    // Recorded before anything is created, so that a place is never in use without its password.
    writeFileAtomically(postgresRecordFile(directory), `${JSON.stringify(record, null, 2)}\n`);
    place = await placeOf(record);
  }
  await createFolders(place);
  return place;
}

async function placeOf(record: z.infer<typeof recordSchema>): Promise<PostgresPlace> {
  const dataDirectory = join(record.root, 'data');
  return {
    ...record,
    dataDirectory,
    socketDirectory: join(record.root, 's'),
    account: await accountFor(dataDirectory),
  };
}

/** The data's owner decides; without data the first known unprivileged user. */
async function accountFor(dataDirectory: string): Promise<Account | null> {
  const owner = await ownerOf(dataDirectory);
  const self = process.getuid?.();
  if (self !== 0) {
    if (owner === null || owner.uid === self) return null;
    throw unusable(`${dataDirectory} belongs to user ${owner.uid}, not to user ${self ?? '?'}`);
  }
  if (owner === null) return await unprivilegedAccount('PostgreSQL', ACCOUNT_NAMES);
  if (owner.uid === 0) throw unusable(`${dataDirectory} belongs to root, as which none may run`);
  return owner;
}

async function chooseRoot(directory: StateDirectory, reachableRoot: string): Promise<string> {
  const account = await unprivilegedAccount('PostgreSQL', ACCOUNT_NAMES);
  if (!account) return directory.postgres;
  const own = await stat(directory.root);
  if (own.uid === 0 && (await isReachable(dirname(directory.root), account))) {
    return directory.postgres;
  }
  const digest = createHash('sha256').update(directory.root).digest('hex').slice(0, 12);
  return join(reachableRoot, digest);
}

async function isReachable(folder: string, account: Account): Promise<boolean> {
  const { uid, gid, mode } = await stat(folder);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  return folder === dirname(folder) || (await isReachable(dirname(folder), account));
}

/** Data of an earlier state directory at the same path: its password is lost, its content is kept. */
async function putAside(root: string): Promise<void> {
  if ((await ownerOf(root)) === null) return;
  const postmaster = await readPostmaster(join(root, 'data'));
  if (postmaster.kind === 'running') process.kill(postmaster.identity.pid, 'SIGINT');
  await rename(root, `${root}.${Date.now()}`);
}

async function createFolders(place: PostgresPlace): Promise<void> {
  const { root, socketDirectory, dataDirectory, account } = place;
  if (account === null) {
    await mkdir(root, { recursive: true, mode: 0o700 });
    await mkdir(socketDirectory, { recursive: true, mode: 0o700 });
  } else {
    await mkdir(dirname(root), { recursive: true, mode: 0o711 });
    await openToGroup(dirname(root), account);
    await mkdir(root, { recursive: true, mode: 0o700 });
    await openToGroup(root, account);
    await mkdir(socketDirectory, { recursive: true, mode: 0o700 });
    await chown(socketDirectory, account.uid, account.gid);
  }
  await chmod(socketDirectory, 0o700);
  // PostgreSQL refuses data that others can read; tightening is always right.
  if ((await ownerOf(dataDirectory)) !== null) await chmod(dataDirectory, 0o700);
}

/** Lets the account's group walk through a private folder of root, and no more. */
async function openToGroup(folder: string, account: Account): Promise<void> {
  const { uid, mode } = await stat(folder);
  if (uid !== 0 || (mode & 0o001) !== 0) return;
  await chown(folder, 0, account.gid);
  await chmod(folder, 0o710);
}

async function ownerOf(path: string): Promise<Account | null> {
  try {
    const { uid, gid } = await stat(path);
    return { uid, gid };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw unusable(`${path} cannot be read`, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON is judged by the schema, like any other damage.
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function unusable(what: string, cause?: unknown): Error {
  return operationalError('state-directory-unusable', `${what}.`, { cause });
}
