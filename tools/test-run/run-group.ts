/** Runs a group of test files in one process, with a time limit, and leaves nothing running. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endLeftovers } from './leftover-processes.ts';
import { tallyOf, titleOf, type Tally } from './tally.ts';
import { EVENT_FILE_VARIABLE, type TestEvent } from './test-event.ts';

const POLL_MS = 500;
const ENDING_MS = 5_000;

interface Group {
  readonly root: string;
  readonly files: readonly string[];
  /** Options for `node --test`, such as a name pattern. */
  readonly nodeOptions: readonly string[];
  /** Becomes the TMPDIR of all tests. */
  readonly runFolder: string;
  readonly index: number;
  readonly limitMs: number;
  readonly testLimitMs: number;
  readonly interrupted: AbortSignal;
  /** What becomes of the report that people read; a number is a file that is open. */
  readonly output: 'inherit' | 'ignore' | number;
  /** By how much it gives way to others. */
  readonly niceness: number;
}

export interface GroupResult {
  readonly tally: Tally;
  /** What went wrong besides failed tests, in sentences. */
  readonly problems: readonly string[];
  /** Causes of failed tests that the stopped process could not report itself. */
  readonly causes: readonly string[];
}

export async function runGroup(group: Group): Promise<GroupResult> {
  const eventFile = join(group.runFolder, `events-${group.index}.jsonl`);
  const child = spawn(process.execPath, nodeArguments(group), {
    cwd: group.root,
    detached: true, // Its own process group, so that all of it can be ended.
    stdio: ['ignore', group.output, group.output],
    env: { ...process.env, TMPDIR: group.runFolder, [EVENT_FILE_VARIABLE]: eventFile },
  });
  if (child.pid !== undefined && group.niceness > 0) setPriority(child.pid, group.niceness);
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(signal ?? String(code));
    });
  });
  const problems: string[] = [];
  const why = await reasonToStop(group, eventFile, ended);
  if (why !== null) {
    problems.push(why);
    child.kill('SIGTERM');
    await Promise.race([ended, delay(ENDING_MS)]);
    if (child.pid !== undefined) killGroup(child.pid);
  }
  const end = await ended;
  const tally = tallyOf(eventsIn(eventFile));
  if (why === null && end !== '0' && tally.failed.length === 0) {
    problems.push(`The test process ended with ${end}${duringText(tally)}.`);
  }
  for (const { pid, command } of await endLeftovers(group.runFolder)) {
    problems.push(`A test left a process behind; it was killed: ${pid} ${command.slice(0, 200)}`);
  }
  const causes = why === null ? [] : tally.failed;
  return {
    tally,
    problems,
    causes: causes.map(({ test, error }) => `${titleOf(test)}: ${error}`),
  };
}

function nodeArguments({ files, nodeOptions, testLimitMs }: Group): string[] {
  return [
    '--test',
    '--test-isolation=none',
    `--test-timeout=${testLimitMs}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(import.meta.dirname, 'tally-reporter.ts')}`,
    '--test-reporter-destination=stderr',
    ...nodeOptions,
    ...files,
  ];
}

/** Waits for the process; says why it must be stopped, or null when it ended by itself. */
async function reasonToStop(
  group: Group,
  eventFile: string,
  ended: Promise<string>,
): Promise<string | null> {
  const deadline = performance.now() + group.limitMs;
  for (;;) {
    const isEnded = await Promise.race([ended.then(() => true), delay(POLL_MS, false)]);
    if (isEnded) return null;
    if (group.interrupted.aborted) return 'Interrupted.';
    const tally = tallyOf(eventsIn(eventFile));
    if (tally.keptAliveBy !== null) {
      return `All tests ended, but the process did not; it is kept alive by: ${tally.keptAliveBy.join(', ')}.`;
    }
    if (performance.now() > deadline) {
      return `Not done after ${group.limitMs / 1000} s${duringText(tally)}.`;
    }
  }
}

function duringText(tally: Tally): string {
  return tally.running.length === 0 ? '' : ` during ${tally.running.map(titleOf).join(', ')}`;
}

function eventsIn(file: string): TestEvent[] {
  if (!existsSync(file)) return [];
  // The last line may be half written.
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as TestEvent);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended.
  }
}
