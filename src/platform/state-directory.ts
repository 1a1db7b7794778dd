/** Where everything of one Surefoot lies on disk, and who may read it: only its owner. */
import { lstat, mkdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import { isSystemError } from './is-system-error.ts';

/** A Unix socket's path may have 107 bytes; the longest name below it is PostgreSQL's. */
const PATH_BYTES_MAX = 107 - '/postgres/.s.PGSQL.5432.lock'.length;

const WRITABLE_BY_OTHERS = 0o022;

export interface StateDirectory {
  readonly root: string;
  /** Control sockets, mode 0600. */
  readonly serverSocket: string;
  readonly edgeSocket: string;
  readonly hostSocket: string;
  /** Private folders of the processes. */
  readonly edge: string;
  readonly host: string;
  readonly postgres: string;
  readonly logs: string;
  /** The keeper's pid, start time and children, as JSON. */
  readonly keeperFile: string;
}

export function stateDirectoryAt(root: string): StateDirectory {
  if (!isAbsolute(root)) {
    throw operationalError(
      'state-directory-unusable',
      `The state directory "${root}" is not absolute.`,
    );
  }
  if (Buffer.byteLength(root) > PATH_BYTES_MAX) {
    throw operationalError(
      'state-directory-unusable',
      `The state directory "${root}" is longer than ${PATH_BYTES_MAX} bytes, too long for Unix sockets below it.`,
    );
  }
  return {
    root,
    serverSocket: join(root, 'server.sock'),
    edgeSocket: join(root, 'edge.sock'),
    hostSocket: join(root, 'host.sock'),
    edge: join(root, 'edge'),
    host: join(root, 'host'),
    postgres: join(root, 'postgres'),
    logs: join(root, 'logs'),
    keeperFile: join(root, 'keeper.json'),
  };
}

/**
 * Creates what is missing with mode 0700; existing folders are left as they are. Throws
 * `state-directory-unusable` when somebody else owns one of them or may write there: whoever can put
 * a socket or a record in its place acts as Surefoot.
 */
export async function createStateDirectory(directory: StateDirectory): Promise<void> {
  for (const path of [directory.root, directory.edge, directory.host, directory.logs]) {
    await refuseForeignLink(path);
    await makeFolder(path);
    await refuseOpenFolder(path);
  }
}

/** With its parents. Node's own way never ends where a parent takes no folder, as below `/proc`. */
async function makeFolder(path: string, lacksParent = true): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'EEXIST') return;
    if (error.code !== 'ENOENT' || !lacksParent) {
      const message = `${path} cannot be made (${error.message}).`;
      throw operationalError('state-directory-unusable', message, { cause: error });
    }
    await makeFolder(dirname(path));
    await makeFolder(path, false);
  }
}

const ABSENT: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR']);

/** Its owner could let it lead elsewhere at any time. */
async function refuseForeignLink(path: string): Promise<void> {
  const entry = await lstat(path).catch((error: unknown) => {
    if (isSystemError(error) && ABSENT.has(error.code)) return null;
    throw error;
  });
  if (!entry?.isSymbolicLink() || isTrusted(entry.uid)) return;
  throw operationalError(
    'state-directory-unusable',
    `${path} is a link of user ${entry.uid}, not of user ${selfUid()}. Choose a folder of your own.`,
  );
}

async function refuseOpenFolder(path: string): Promise<void> {
  const { uid, mode } = await stat(path);
  if (!isTrusted(uid)) {
    throw operationalError(
      'state-directory-unusable',
      `${path} belongs to user ${uid}, not to user ${selfUid()}. Choose a folder of your own, or: chown ${selfUid()} ${path}`,
    );
  }
  if ((mode & WRITABLE_BY_OTHERS) !== 0) {
    throw operationalError(
      'state-directory-unusable',
      `Others may write to ${path} (mode ${(mode & 0o777).toString(8)}). Close it: chmod 700 ${path}`,
    );
  }
}

function isTrusted(uid: number): boolean {
  return uid === 0 || uid === selfUid();
}

function selfUid(): number {
  // Absent only where there are no users to be told apart.
  return process.getuid?.() ?? 0;
}
