/** Results to stdout, progress to stderr; a closed pipe ends the writing and nothing else. */
import type { CliEnvironment, OutputStream } from './cli-environment.ts';
import { createPaint, signsFor, wantsColour, type Paint, type Signs } from './render/paint.ts';

export interface CliOutput {
  /** What the command was called for. */
  readonly result: (...lines: readonly string[]) => void;
  /** What happens meanwhile; silent with --quiet. */
  readonly progress: (...lines: readonly string[]) => void;
  /** What must be seen even with --quiet. */
  readonly warn: (...lines: readonly string[]) => void;
  /** For stdout. */
  readonly paint: Paint;
  /** For stderr. */
  readonly progressPaint: Paint;
  readonly signs: Signs;
  /** Width of lines on stdout; Infinity where nobody counts. */
  readonly columns: number;
}

export function createOutput(environment: CliEnvironment, isQuiet: () => boolean): CliOutput {
  const { stdout, stderr, env } = environment;
  return {
    result: (...lines) => writeLines(stdout, lines),
    progress: (...lines) => {
      if (!isQuiet()) writeLines(stderr, lines);
    },
    warn: (...lines) => writeLines(stderr, lines),
    paint: createPaint(wantsColour(env, stdout)),
    progressPaint: createPaint(wantsColour(env, stderr)),
    signs: signsFor(env),
    columns: stdout.isTTY === true ? (stdout.columns ?? 80) : Infinity,
  };
}

/** A reader that went away (`| head`) is no failure; whatever else happens to a stream is one. */
export function watchForClosedPipes(environment: CliEnvironment, onClosed: () => void): () => void {
  const listener = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    onClosed();
  };
  const streams = [environment.stdout, environment.stderr];
  for (const stream of streams) stream.on('error', listener);
  return () => {
    // A late error of a closed pipe must not end the process that the command ran in.
    for (const stream of streams) {
      if (!stream.destroyed) stream.off('error', listener);
    }
  };
}

function writeLines(stream: OutputStream, lines: readonly string[]): void {
  if (lines.length === 0 || !stream.writable) return;
  stream.write(lines.map((line) => `${line}\n`).join(''));
}
