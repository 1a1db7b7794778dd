/**
 * A state directory with a PostgreSQL of its own and single processes of Surefoot, but no keeper:
 * what a bench stops stays stopped until the bench starts it again.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/platform/clock.ts';
import { ensurePostgres } from '../../src/platform/ensure-postgres.ts';
import {
  createStateDirectory,
  stateDirectoryAt,
  type StateDirectory,
} from '../../src/platform/state-directory.ts';
import { removePostgres, stopPostgres } from '../../src/platform/stop-postgres.ts';
import { callControl } from '../../src/platform/control-client.ts';
import { surefootProgram } from '../stand/surefoot-program.ts';

const READY_MS_MAX = 20_000;
const READY_POLL_MS = 20;
const STOP_MS_MAX = 10_000;

export type Role = 'edge' | 'host' | 'server';

export interface BenchPlace {
  readonly directory: StateDirectory;
  readonly connectionString: string;
  startPostgres(): Promise<void>;
  stopPostgres(): Promise<void>;
  /** Starts one process of Surefoot; it is not waited for. */
  spawnRole(role: Role): ChildProcess;
  /** Resolves when the process has answered on its socket. */
  untilAnswers(role: 'edge' | 'host'): Promise<void>;
  endRole(child: ChildProcess, signal?: NodeJS.Signals): Promise<void>;
}

/** Runs `work` in a new place and removes everything of it afterwards, also on Ctrl-C. */
export async function inBenchPlace<Result>(
  work: (place: BenchPlace) => Promise<Result>,
): Promise<Result> {
  const root = await mkdtemp(join(tmpdir(), 'sf-b-'));
  const directory = stateDirectoryAt(root);
  const children = new Set<ChildProcess>();
  const interrupted = Promise.withResolvers<never>();
  const interrupt = (): void => {
    interrupted.reject(new Error('The bench was interrupted.'));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  try {
    await createStateDirectory(directory);
    const { connectionString } = await ensurePostgres(directory);
    return await Promise.race([
      work(placeIn(directory, connectionString, children)),
      interrupted.promise,
    ]);
  } finally {
    for (const child of children) await endChild(child, 'SIGTERM');
    await removePostgres(directory);
    await rm(root, { recursive: true, force: true });
  }
}

function placeIn(
  directory: StateDirectory,
  connectionString: string,
  children: Set<ChildProcess>,
): BenchPlace {
  return {
    directory,
    connectionString,
    async startPostgres() {
      await ensurePostgres(directory);
    },
    stopPostgres: () => stopPostgres(directory),
    spawnRole(role) {
      // Never somebody's own database.
      const { DATABASE_URL: _kept, ...env } = process.env;
      const child = spawn(
        process.execPath,
        [surefootProgram, role, '--state-dir', directory.root],
        {
          env,
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      children.add(child);
      child.once('exit', () => children.delete(child));
      return child;
    },
    async untilAnswers(role) {
      const [socket, path] =
        role === 'edge'
          ? [directory.edgeSocket, '/v1/routings']
          : [directory.hostSocket, '/v1/pools'];
      const limit = AbortSignal.timeout(READY_MS_MAX);
      for (;;) {
        try {
          await callControl(socket, { method: 'GET', path, signal: limit });
          return;
        } catch (error) {
          // It has not bound its socket yet.
          if (limit.aborted) throw error;
          await systemClock.sleep(READY_POLL_MS);
        }
      }
    },
    endRole: (child, signal = 'SIGTERM') => endChild(child, signal),
  };
}

async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  child.kill(signal);
  await gone;
  clearTimeout(patience);
}
