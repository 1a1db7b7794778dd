/** Runs a short program to its end and keeps what it said. */
import { spawn } from 'node:child_process';

const OUTPUT_CHARS_MAX = 16_384;

/** A user of this machine to run a program as; only root may name another than itself. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface ProgramCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly account: Account | null;
  /** A file that the program and what it leaves behind write to, instead of `output`. */
  readonly outputFile?: number;
}

export interface ProgramResult {
  readonly ok: boolean;
  readonly exitCode: number | null;
  readonly output: string;
}

/** Never rejects: a program that cannot be started is a result that says why. */
export function runProgram(call: ProgramCall): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const target = call.outputFile ?? 'pipe';
    const child = spawn(call.command, call.args, {
      cwd: call.cwd,
      env: call.env,
      stdio: ['ignore', target, target],
      ...(call.account ?? {}),
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_CHARS_MAX);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', (error) => {
      resolve({ ok: false, exitCode: null, output: error.message });
    });
    // With pipes `close` comes after the last output; with a file it comes with the exit.
    child.once('close', (exitCode) => {
      resolve({ ok: exitCode === 0, exitCode, output });
    });
  });
}
