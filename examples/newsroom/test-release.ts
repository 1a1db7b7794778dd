/** Starts a built release as a deployment would, and gives tests the means to talk to it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

export interface TestRelease {
  readonly url: string;
  /** What it has written to stdout and stderr so far. */
  readonly output: () => string;
  /** Sends the signal and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  readonly pid: number;
}

const START_TIMEOUT_MS = 30_000;

/** Starts on a port of its own choice; throws with the output when it ends before it listens. */
export async function startTestRelease(
  folder: string,
  databaseUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<TestRelease> {
  const child = spawn(process.execPath, ['server.mjs'], {
    cwd: folder,
    env: { DATABASE_URL: databaseUrl, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const exited = once(child, 'exit');
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  const listening = () => /"message":"listening".*"port":(\d+)/.exec(output)?.[1];
  while (listening() === undefined) {
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      child.kill('SIGKILL');
      throw new Error(`The release did not start (exit code ${child.exitCode}):\n${output}`);
    }
    await delay(10);
  }
  return {
    url: `http://127.0.0.1:${listening()}`,
    pid: child.pid ?? 0,
    output: () => output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await exited;
      }
      return child.exitCode;
    },
  };
}
