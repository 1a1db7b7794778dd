/**
 * Simulates for a long time: pairs of faults at ever new timings, and ever new seeds of the swarm.
 * `npm run soak -- --minutes N [--seed S] [--out FILE]`; prints how it goes, and in the end a summary as
 * JSON, which FILE gets too. Exits with 1 when anything was violated.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { readOptions, wholeNumber } from '../command-line/read-options.ts';
import { runCommand } from '../command-line/run-command.ts';
import { WrongOption } from '../command-line/wrong-option.ts';
import { simulateInThreads } from './simulate-in-threads.ts';
import { sometimesOf } from './simulate.ts';
import { failureLines, traceHashOf, type Tally } from './tally.ts';

const MINUTES_MAX = 7 * 24 * 60;

async function main(): Promise<number> {
  const values = readOptions({
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1000' },
    out: { type: 'string' },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= MINUTES_MAX)) {
    throw new WrongOption(
      `--minutes takes a number above 0, at most ${MINUTES_MAX}, not "${values.minutes}"`,
    );
  }
  const first = wholeNumber('seed', values.seed);
  if (values.out !== undefined) claim(values.out);
  const startedMs = Date.now();
  const untilMs = startedMs + minutes * 60_000;
  let told = 0;
  const total = await simulateInThreads({ kind: 'soak', first, untilMs }, (part) => {
    tell(startedMs, part);
    // At once: whoever mends it need not wait for the end.
    for (const line of failureLines(part.failures.slice(told))) process.stderr.write(`${line}\n`);
    told = part.failures.length;
  });
  const summary = {
    minutes: Math.round((Date.now() - startedMs) / 6_000) / 10,
    deployments: total.deployments,
    violations: total.violations,
    sometimes: sometimesOf(total),
    outcomes: total.outcomes,
    firstSeed: first,
    traceHash: traceHashOf(total),
    commit: commit(),
    node: process.version,
    processors: availableParallelism(),
  };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (values.out !== undefined) {
    writeFileSync(values.out, `${JSON.stringify({ ...summary, cells: total.cells }, null, 2)}\n`);
  }
  return total.violations === 0 ? 0 : 1;
}

/** A place that cannot be written to is known before the time is spent. */
function claim(file: string): void {
  try {
    writeFileSync(file, '');
  } catch (error) {
    throw new WrongOption(`--out ${file} cannot be written: ${String(error)}`);
  }
}

function tell(startedMs: number, { deployments, violations }: Tally): void {
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  process.stderr.write(`${seconds} s: ${deployments} deployments, ${violations} violations\n`);
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

await runCommand(main);
