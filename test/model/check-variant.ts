/**
 * Has spin search every state of a variant. Whatever spin or the compiler says besides, and a search
 * that was cut short, is an error: silence about what was not looked at must not pass for a proof.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import type { Variant } from './variants.ts';

export interface Verdict {
  /** The property that is broken; null when none is. */
  readonly breaks: string | null;
  readonly states: number;
  readonly depth: number;
  readonly memoryMb: number;
  readonly searchMs: number;
  /** What happens in the counterexample, line by line; empty without one. */
  readonly trace: readonly string[];
}

const MODEL = 'rollout.pml';
const DEPTH_MAX = 10_000;
const MEMORY_MB_MAX = 2_000;
const OUTPUT_BYTES_MAX = 16_000_000;

/** Works in `folder`, which must be empty; everything that it starts has ended when it resolves. */
export async function checkVariant(
  variant: Variant,
  folder: string,
  depthMax = DEPTH_MAX,
): Promise<Verdict> {
  copyFileSync(join(import.meta.dirname, MODEL), join(folder, MODEL));
  const defines = variant.flags.map((flag) => `-D${flag}`);
  const silent = async (program: string, args: readonly string[]): Promise<void> => {
    const said = await run(program, args, folder);
    if (said !== '') throw new Error(`${program} has something to say:\n${said}`);
  };
  await silent('spin', ['-a', ...defines, MODEL]);
  await silent('gcc', [
    // A counterexample is found before a better compiler has paid off.
    variant.breaks === null ? '-O1' : '-O0',
    '-DCOLLAPSE',
    `-DMEMLIM=${MEMORY_MB_MAX}`,
    variant.search === 'endless' ? '-DNP' : '-DSAFETY',
    ...['-o', 'pan', 'pan.c'],
  ]);
  const options = variant.search === 'endless' ? ['-l'] : [];
  const report = await run('./pan', [`-m${depthMax}`, ...options], folder);
  const errors = numberIn(report, /errors: (\d+)/);
  if (errors === 0) assertComplete(report, variant);
  const trace = existsSync(join(folder, `${MODEL}.trail`))
    ? traceOf(await run('spin', ['-t', '-T', ...defines, MODEL], folder))
    : [];
  return {
    breaks: errors === 0 ? null : brokenIn(trace, report),
    states: numberIn(report, /([\d.e+]+) states, stored/),
    depth: numberIn(report, /depth reached (\d+)/),
    memoryMb: numberIn(report, /([\d.]+)\ttotal actual memory usage/),
    searchMs: numberIn(report, /elapsed time ([\d.]+) seconds/) * 1000,
    trace,
  };
}

/** Resolves with all that the program says, whatever it exits with. */
async function run(program: string, args: readonly string[], folder: string): Promise<string> {
  const options = { cwd: folder, maxBuffer: OUTPUT_BYTES_MAX };
  const said = await promisify(execFile)(program, args, options).catch((error: unknown) => {
    // An exit code is no news: what is found is in the report. Not having run to its end is.
    if (isExit(error)) return error;
    throw error;
  });
  return stripVTControlCharacters(`${said.stdout}${said.stderr}`);
}

function isExit(error: unknown): error is Error & { stdout: string; stderr: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

function assertComplete(report: string, { search }: Variant): void {
  const isWhole =
    report.includes('Full statespace search for:') &&
    (search === 'endless'
      ? /non-progress cycles\s+\+/.test(report)
      : /assertion violations\s+\+/.test(report) && /invalid end states\s+\+/.test(report));
  const complaint = /not completed|too small|out of memory|truncated|aborted|bit statespace/i;
  const complained = complaint.exec(report)?.[0];
  if (!isWhole || complained !== undefined) {
    throw new Error(`The search was not complete (${complained ?? 'no full search'}):\n${report}`);
  }
}

function numberIn(report: string, pattern: RegExp): number {
  const value = Number(pattern.exec(report)?.[1]);
  if (Number.isNaN(value)) throw new Error(`No ${String(pattern)} in the report:\n${report}`);
  return value;
}

function brokenIn(trace: readonly string[], report: string): string {
  const property = trace.find((line) => line.startsWith('BROKEN: '));
  return property?.slice('BROKEN: '.length) ?? /pan:1: (.*)/.exec(report)?.[1] ?? 'unknown';
}

/** What the model prints on its way. */
function traceOf(output: string): readonly string[] {
  const lines = output.split('\n');
  const end = lines.findIndex((line) => line.startsWith('BROKEN: '));
  return lines.slice(0, end + 1);
}
