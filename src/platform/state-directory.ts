/** Where everything of one Surefoot lies on disk, and who may read it: only its owner. */
import { mkdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';

/** A Unix socket's path may have 107 bytes; the longest name below it is PostgreSQL's. */
const PATH_BYTES_MAX = 107 - '/postgres/.s.PGSQL.5432.lock'.length;

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

/** Creates what is missing with mode 0700; existing folders are left as they are. */
export async function createStateDirectory(directory: StateDirectory): Promise<void> {
  for (const path of [directory.root, directory.edge, directory.host, directory.logs]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  }
}
