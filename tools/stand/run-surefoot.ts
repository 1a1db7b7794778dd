import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { EventLine } from '../../src/api/contract/answers.ts';
import { surefootProgram } from './surefoot-program.ts';

/** One call of the command line in a process of its own, as a user would make it. */
export interface SurefootCall {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** With `--json`: every line of stdout as it comes. */
  readonly onLine?: (line: EventLine) => void;
  /** Ends the call, for a harness that gives up; what it began in the server goes on. */
  readonly signal?: AbortSignal;
}

export interface SurefootResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runSurefoot(call: SurefootCall): Promise<SurefootResult> {
  const child = spawn(process.execPath, [surefootProgram, ...call.args], {
    cwd: call.cwd,
    env: { ...process.env, CI: 'true', ...call.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = (): boolean => child.kill('SIGKILL');
  call.signal?.addEventListener('abort', end, { once: true });
  const lines: string[] = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (call.onLine && line.startsWith('{')) call.onLine(JSON.parse(line) as EventLine);
    }
  })();
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  call.signal?.removeEventListener('abort', end);
  await read;
  return { exitCode, stdout: lines.join('\n'), stderr };
}
