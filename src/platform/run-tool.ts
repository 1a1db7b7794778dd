/**
 * Runs somebody else's program to its end, or ends it with everything that it has started. What it prints comes line by
 * line, as it is; what is its report goes into a file.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { boundedLines } from './bounded-lines.ts';
import type { Clock } from './clock.ts';
import { endProcesses } from './end-processes.ts';
import { LAUNCH_VARIABLE, newLaunch } from './launched-processes.ts';
import { identifyProcess, type ProcessIdentity } from './process-identity.ts';

export interface ToolCall {
  /** An absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What it reads from its standard input; nothing by default. */
  readonly inputFile?: string;
  /** Where its standard output goes as it is; null for with the rest, line by line. */
  readonly outputFile: string | null;
  /** One that is too long comes in parts. */
  readonly onLine: (line: string) => void;
  /** None of them is cut in two there, so that whoever masks lines masks them. */
  readonly secretValues?: readonly string[];
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** What its processes are found by; one of its own by default. */
  readonly launch?: string;
  /** Told once, before anything else is; null of one that ended before it could be looked at. */
  readonly onStart?: (leader: ProcessIdentity | null) => void;
  /** How long it may take to end by itself when it is told to. */
  readonly graceMs?: number;
}

export type ToolEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  /** By the signal of the call. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'not-started'; readonly reason: string };

const GRACE_MS = 5_000;

/** Never rejects for what the program does. Resolves when none of its processes is left. */
export async function runTool(call: ToolCall): Promise<ToolEnd> {
  if (call.signal.aborted) return { kind: 'ended' };
  const launch = call.launch ?? newLaunch(call.environment);
  const input = call.inputFile === undefined ? null : await open(call.inputFile);
  const output = call.outputFile === null ? null : await open(call.outputFile, 'w', 0o600);
  try {
    return await runLaunched(call, launch, { input, output });
  } finally {
    await input?.close();
    await output?.close();
  }
}

async function runLaunched(
  call: ToolCall,
  launch: string,
  { input, output }: { readonly input: FileHandle | null; readonly output: FileHandle | null },
): Promise<ToolEnd> {
  const child = spawn(call.program, call.args, {
    cwd: call.directory,
    env: { ...call.environment, [LAUNCH_VARIABLE]: launch },
    // A group of its own, so that all of it can be ended.
    detached: true,
    stdio: [input?.fd ?? 'ignore', output?.fd ?? 'pipe', 'pipe'],
  });
  const ended = endOf(child);
  const printed = Promise.all([child.stdout, child.stderr].map((stream) => linesOf(stream, call)));
  const leader = child.pid === undefined ? null : await identifyProcess(child.pid);
  if (child.pid !== undefined) call.onStart?.(leader);
  const endAll = (graceMs: number): Promise<void> =>
    endProcesses({
      ...{ launch, leader, first: leader, graceMs, clock: call.clock },
      signal: new AbortController().signal,
    });
  const end = await Promise.race([ended, aborted(call.signal)]);
  // What it has left in the background holds its output open.
  await endAll(end.kind === 'ended' ? (call.graceMs ?? GRACE_MS) : 0);
  await printedUntil(printed, child, call.clock);
  return end;
}

const LAST_WORDS_MS = 5_000;

/** What has left its group and dropped its id may hold the output open for ever. */
async function printedUntil(
  printed: Promise<unknown>,
  { stdout, stderr }: ChildProcess,
  clock: Clock,
): Promise<void> {
  const late = clock.deadline(LAST_WORDS_MS);
  await Promise.race([printed, aborted(late.signal)]);
  late.release();
  stdout?.destroy();
  stderr?.destroy();
  // Cut off, they end with an error.
  await printed.catch(() => undefined);
}

function endOf(child: ChildProcess): Promise<ToolEnd> {
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ kind: 'not-started', reason: message }));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'killed', signal }),
    );
  });
}

function aborted(signal: AbortSignal): Promise<ToolEnd> {
  return new Promise((resolve) => {
    const end = (): void => resolve({ kind: 'ended' });
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

async function linesOf(
  stream: Readable | null,
  { onLine, secretValues = [] }: ToolCall,
): Promise<void> {
  if (stream === null) return;
  for await (const line of boundedLines(stream as AsyncIterable<Buffer>, secretValues))
    onLine(line);
}
