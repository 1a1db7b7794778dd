/**
 * Removes old runs of a service. Kept are the newest, those that a deployment's record names, and of the others what may
 * still be used again, or compared with.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { tryFileLock } from '../../platform/file-lock.ts';
import { lockOfNotes, notesIn } from '../../platform/owned-notes.ts';
import { isSameProcess } from '../../platform/process-identity.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';
import { isJudged, isOn, type StableRelease } from './baseline-in.ts';
import {
  hasRecord,
  isKeptForGood,
  keptRun,
  keptRuns,
  removeRun,
  runNames,
  runsFolder,
  type KeptCheck,
  type KeptRun,
} from './kept-runs.ts';
import { isContrary, isUsable } from './reusable-report.ts';
import { noteFolder, runNote } from './run-note.ts';

/** Those of deployments do not count among them. */
export const RUNS_KEPT = 50;
/** At a time: who begins a run waits for it. */
const REMOVED_MAX = 100;

export interface Pruning {
  readonly service: string;
  readonly nowMs: number;
  readonly reuseMs: number;
  /** What is compared with. */
  readonly stable: StableRelease | null;
}

/** Nothing is removed while a run is under way, by any process: it may use what is kept. Idempotent. */
export async function pruneRuns(stateDirectory: string, pruning: Pruning): Promise<void> {
  const notes = noteFolder(stateDirectory);
  const lock = tryFileLock(lockOfNotes(notes));
  if (lock === null) return;
  try {
    if (!(await isUnderWay(notes, pruning.nowMs)))
      await removeOld(runsFolder(stateDirectory), pruning);
  } finally {
    lock.release();
  }
}

/** Longer than any run takes. */
const UNKNOWN_MS_MAX = 24 * 60 * 60_000;

/** What says nobody's may be of a run, too, for a while. */
async function isUnderWay(notes: string, nowMs: number): Promise<boolean> {
  for (const { path, owner } of await notesIn(notes, runNote)) {
    if (owner !== null) {
      if (await isSameProcess(owner)) return true;
      continue;
    }
    const found = await unlessMissing(stat(path));
    if (found && nowMs - found.mtimeMs < UNKNOWN_MS_MAX) return true;
  }
  return false;
}

async function removeOld(root: string, pruning: Pruning): Promise<void> {
  const names = await runNames(root, pruning.service);
  if (names.length <= RUNS_KEPT) return;
  const alone: string[] = [];
  for (const name of names) if (!(await isKeptForGood(join(root, name)))) alone.push(name);
  if (alone.length <= RUNS_KEPT) return;
  const runs = await keptRuns(root, pruning.service);
  const worth = stillAskedFor(runs, new Set(alone.slice(0, RUNS_KEPT)), pruning);
  let removed = 0;
  for (const name of alone.slice(RUNS_KEPT).toReversed()) {
    if (worth.has(name) || !(await isPrunable(root, name))) continue;
    await removeRun(join(root, name));
    removed += 1;
    if (removed === REMOVED_MAX) return;
  }
}

/** What came to no end, or was the chain alone. What another version has kept is its matter. */
async function isPrunable(root: string, name: string): Promise<boolean> {
  if (!(await hasRecord(join(root, name)))) return true;
  const run = await keptRun(root, name);
  return run !== null && run.artifact === null;
}

/**
 * Names of runs that are `newest`, or hold a report that would be taken for something and is the newest for it; and of
 * those whose reports these have used. `runs`: newest first.
 */
export function stillAskedFor(
  runs: readonly KeptRun[],
  newest: ReadonlySet<string>,
  pruning: Pruning,
): ReadonlySet<string> {
  const answered = new Set<string>();
  const asked = runs.filter((run) => {
    const first = run.checks
      .flatMap((check) => usesOf(run, check, pruning))
      .filter((use) => !answered.has(use));
    for (const use of first) answered.add(use);
    return first.length > 0 || newest.has(run.name);
  });
  const makers = asked.flatMap(({ checks }) => checks.flatMap(({ reused }) => reused?.run ?? []));
  return new Set([...asked.map(({ name }) => name), ...makers]);
}

/** For what its report would be taken, if it is the newest of them. */
function usesOf(run: KeptRun, check: KeptCheck, pruning: Pruning): readonly string[] {
  const { nowMs, reuseMs: ageMaxMs, stable } = pruning;
  const { name, inputs, evidence, startedAt } = check;
  const use = (...words: readonly string[]): string => JSON.stringify([name, ...words]);
  // Without it what was made before would be used again, as long as that is not too old.
  const isRecent = startedAt !== null && nowMs - Date.parse(startedAt) <= ageMaxMs;
  const forbids = inputs !== null && isContrary(check) && isRecent;
  if (!evidence?.report) return forbids ? [use('inputs', inputs)] : [];
  const isAnswer = forbids || isUsable(check, { nowMs, ageMaxMs });
  return [
    use(),
    ...(inputs !== null && isAnswer ? [use('inputs', inputs)] : []),
    ...(isJudged(check) && run.release !== null ? [use('release', run.release)] : []),
    ...(isJudged(check) && stable && isOn(stable, run) ? [use('stable')] : []),
  ];
}
