/**
 * Starts an instance's process so that it outlives the host: a session of its own, no pipe to the
 * host, output straight into files.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { invariant, InvariantError } from '../core/invariant.ts';
import { operationalError } from '../core/operational-error.ts';

export interface SpawnRequest {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  readonly environment: Record<string, string>;
  readonly output: { readonly stdout: string; readonly stderr: string };
}

export interface SpawnedProcess {
  readonly pid: number;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Throws `command-not-executable` when the system refuses the program. */
export async function spawnInstance(request: SpawnRequest): Promise<SpawnedProcess> {
  // Appending: several processes write to the file, and holes may be punched into its start.
  const stdout = await open(request.output.stdout, 'a', 0o600);
  try {
    const stderr = await open(request.output.stderr, 'a', 0o600);
    try {
      return await spawnWith(request, ['ignore', stdout.fd, stderr.fd]);
    } finally {
      await stderr.close();
    }
  } finally {
    await stdout.close();
  }
}

async function spawnWith(
  request: SpawnRequest,
  stdio: ['ignore', number, number],
): Promise<SpawnedProcess> {
  try {
    const child = spawn(request.program, request.arguments, {
      cwd: request.directory,
      env: request.environment,
      detached: true,
      stdio,
    });
    const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    await once(child, 'spawn');
    invariant(child.pid !== undefined, 'a spawned process has a pid');
    child.unref();
    return { pid: child.pid, exited };
  } catch (error) {
    if (error instanceof InvariantError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw operationalError(
      'command-not-executable',
      `Cannot start "${request.program}": ${reason}.`,
      { cause: error },
    );
  }
}
