/**
 * Runs the tests: `npm test [-- <part of a path> … --test-name-pattern=…]`. Its last line is
 * `N passed, N failed`, after `N skipped` when some were.
 */
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findTestFiles, type TestGroups } from './test-run/find-test-files.ts';
import { runGroup, type GroupResult } from './test-run/run-group.ts';
import { titleOf } from './test-run/tally.ts';

const MINUTE_MS = 60_000;
/** What hangs is to be told from what takes its time on a busy machine. */
const GROUP_LIMIT_MS = 26 * MINUTE_MS;
const TEST_LIMIT_MS = 5 * MINUTE_MS;

async function main(): Promise<number> {
  const root = dirname(import.meta.dirname);
  const words = process.argv.slice(2);
  const nodeOptions = words.filter((word) => word.startsWith('--'));
  const filters = words.filter((word) => !word.startsWith('--'));
  const groups = findTestFiles(root, filters);
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      interrupt.abort();
    });
  }
  const runFolder = mkdtempSync(join(tmpdir(), 'sf-'));
  openToAll(runFolder);
  try {
    return await runGroups(groups, { root, nodeOptions, runFolder, interrupted: interrupt.signal });
  } finally {
    rmSync(runFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}

type Shared = Pick<Parameters<typeof runGroup>[0], 'root' | 'nodeOptions' | 'interrupted'> & {
  readonly runFolder: string;
};

/** What only computes gives way to what takes time. What runs beside others is reported group by group. */
async function runGroups({ light, heavy, computed }: TestGroups, shared: Shared): Promise<number> {
  const isTimed = light.length + heavy.length > 0;
  const results = await Promise.all([
    runOneByOne(light, { ...shared, lane: 'l', isBeside: false, niceness: 0 }),
    runOneByOne(heavy, { ...shared, lane: 'h', isBeside: light.length > 0, niceness: 0 }),
    runOneByOne(computed, { ...shared, lane: 'c', isBeside: isTimed, niceness: isTimed ? 10 : 0 }),
  ]);
  return report(results.flat(), shared.root);
}

interface Lane extends Shared {
  readonly lane: string;
  readonly isBeside: boolean;
  /** By how much it gives way to others. */
  readonly niceness: number;
}

/** The folder of a lane says whose a process is, so that what one group leaves behind is not taken for another's. */
async function runOneByOne(
  groups: readonly (readonly string[])[],
  { lane, isBeside, niceness, ...shared }: Lane,
): Promise<readonly GroupResult[]> {
  const runFolder = join(shared.runFolder, lane);
  mkdirSync(runFolder);
  openToAll(runFolder);
  const results: GroupResult[] = [];
  for (const [index, files] of groups.entries()) {
    if (shared.interrupted.aborted) break;
    const reportFile = join(shared.runFolder, `${lane}${index}.txt`);
    const output = isBeside ? openSync(reportFile, 'w') : 'inherit';
    const limits = { limitMs: GROUP_LIMIT_MS, testLimitMs: TEST_LIMIT_MS };
    results.push(
      await runGroup({ ...shared, ...limits, runFolder, files, index, output, niceness }),
    );
    if (output === 'inherit') continue;
    closeSync(output);
    process.stdout.write(readFileSync(reportFile));
  }
  return results;
}

/** PostgreSQL runs as another user when the tests run as root. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o1777);
}

function report(results: readonly GroupResult[], root: string): number {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const notes = results.length === 0 ? ['No test file was found.'] : [];
  for (const { tally, problems, causes } of results) {
    counts.passed += tally.passed;
    counts.failed += tally.failed.length + problems.length;
    counts.skipped += tally.skipped.length;
    for (const { test, reason } of tally.skipped)
      notes.push(`skipped: ${titleOf(test)}: ${reason}`);
    notes.push(...causes);
    for (const { test } of tally.failed) notes.push(`failed: ${titleOf(test)}`);
    for (const problem of problems) notes.push(`failed: ${problem}`);
  }
  for (const note of notes) console.log(note.replaceAll(`${root}/`, ''));
  if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed > 0 || counts.passed + counts.skipped === 0 ? 1 : 0;
}

process.exitCode = await main();
