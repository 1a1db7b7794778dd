/** One check: its tool is run, what it reports is read and judged, and all of that is kept as evidence. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckConfig } from '../../config/system-config.ts';
import { OperationalError } from '../../core/operational-error.ts';
import { invariant } from '../../core/invariant.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import { namesPath } from '../../core/validation/names-path.ts';
import type { Rule } from '../../core/validation/rule.ts';
import type { ReportReader } from '../../drivers/contract.ts';
import { elapsedMs, type Deadline } from '../../platform/clock.ts';
import { pathOfUri } from '../../platform/path-of-uri.ts';
import { pathsBelow } from '../../platform/paths-below.ts';
import type { ToolEnd } from '../../platform/run-tool.ts';
import { databaseAt } from './check-database.ts';
import { nothingDone, type CheckResult, type KeptReport } from './check-result.ts';
import {
  invalidityOf,
  judgeEvidence,
  type Judged,
  type JudgedBy,
  type JudgedByRun,
  type JudgedReport,
} from './judge-evidence.ts';
import { keepReport } from './keep-report.ts';
import { rawReport, type RawReport } from './raw-report.ts';
import type { Reusable } from './reusable-report.ts';
import { apartCriterion, plantedApart } from './planted-apart.ts';
import { runLogged, type LoggedCall } from './run-logged.ts';
import { stoppedBecause } from './stopped-because.ts';
import { writeFiles } from './write-files.ts';

export interface NamedCheck extends CheckConfig {
  readonly name: string;
  /** Null of one that prepares others. */
  readonly reader: ReportReader | null;
}

export interface CheckRun extends Omit<LoggedCall, 'run' | 'log' | 'report'> {
  readonly check: NamedCheck;
  /** Of this check alone, for what is planted apart; made here. */
  readonly apart: string;
  /** Where its tool writes its report; of this check alone, and kept by nobody. */
  readonly raw: string;
  /** The folder that its copy lies in, by each of its paths. */
  readonly copies: readonly string[];
  /** Of this check alone; made here. */
  readonly evidence: string;
  readonly inputs: Promise<string | null>;
  readonly judgedBy: JudgedByRun;
}

const LAST_WORDS_MAX = 200;

/** Throws only for what is no matter of the check: a disk that is full, a bug. */
export async function runCheck(run: CheckRun): Promise<CheckResult> {
  const { check, clock, evidence } = run;
  const startedNs = clock.monotonicNs();
  const startedAt = new Date(clock.wallMs()).toISOString();
  const paths = await evidenceIn(evidence);
  const refusal = await plantRefusal(run);
  const deadline = clock.deadline(check.timeout);
  let lastWords = '';
  const call: LoggedCall = {
    ...run,
    onLine: (line) => {
      lastWords = line.trim().slice(0, LAST_WORDS_MAX) || lastWords;
      run.onLine(line);
    },
    ...{ run: check.run, log: paths.log, report: check.reader ? run.raw : null },
    environment: { ...run.environment, ...check.env },
    signal: AbortSignal.any([run.signal, deadline.signal]),
  };
  const end = refusal ?? (await runLogged(call));
  const said = lastWords;
  const found = check.reader ? await foundReport(run.raw) : null;
  const raw = typeof found === 'string' ? null : found && { ...found, madeIn: run.copies };
  const refused = typeof found === 'string' ? found : null;
  const apart = raw && end.kind === 'exited' ? await baitApart(run, call) : null;
  const by = await byAll(run, apart);
  const judged = await judgedBy(run, end, { raw, refused, by, deadline, lastWords: said });
  deadline.release();
  const kept = raw && (await keepReport(raw, paths.report, run.secretValues));
  const report = kept && { ...kept, madeIn: run.copies };
  return {
    ...{ ...nothingDone(check), ...judged, startedAt },
    durationMs: Math.round(elapsedMs(clock, startedNs)),
    exitCode: end.kind === 'exited' ? end.code : null,
    ...{ inputs: await run.inputs, evidence: { log: paths.log, report } },
  };
}

/** Judges what an earlier run has made, by what counts now; the evidence of this run is whole all the same. */
export async function reuseCheck(
  run: Pick<
    CheckRun,
    'check' | 'directory' | 'environment' | 'evidence' | 'inputs' | 'judgedBy' | 'clock' | 'signal'
  >,
  kept: Reusable,
): Promise<CheckResult> {
  const { check, clock, evidence, inputs } = run;
  const startedNs = clock.monotonicNs();
  const startedAt = new Date(clock.wallMs()).toISOString();
  const paths = await evidenceIn(evidence);
  await copyFile(kept.report.path, paths.report);
  await writeFile(paths.log, `The report was made at ${kept.startedAt}, in ${kept.run}.\n`);
  const report = { ...kept.report, path: paths.report };
  invariant(check.reader, 'only a check with a report is known from an earlier run');
  const deadline = clock.deadline(check.timeout);
  const by = await byAll(run, apartBefore(check));
  const { judged } = await judgedInTime(run, check.reader, { report, by, deadline });
  deadline.release();
  return {
    ...{ ...nothingDone(check), ...judged, startedAt, inputs: await inputs },
    durationMs: Math.round(elapsedMs(clock, startedNs)),
    reused: { run: kept.run, startedAt: kept.startedAt },
    evidence: { log: paths.log, report },
  };
}

async function evidenceIn(
  folder: string,
): Promise<{ readonly log: string; readonly report: string }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return { log: join(folder, 'log.txt'), report: join(folder, 'report') };
}

async function byAll(
  run: Pick<CheckRun, 'check' | 'directory' | 'environment' | 'judgedBy'>,
  apart: Criterion | null,
): Promise<JudgedBy> {
  const { plant, database, env } = run.check;
  const home = { ...run.environment, ...env }['HOME'];
  const place = { directory: run.directory, home };
  const dated = database
    ? { database: await databaseAt(database, place), ageMaxMs: database.age }
    : null;
  return { ...run.judgedBy, apart, dated, planted: Object.keys(plant) };
}

/** Only what has passed is used again, and so has found its bait. */
function apartBefore({ plantApart }: NamedCheck): Criterion | null {
  const isPlanted = Object.keys(plantApart).length > 0;
  return isPlanted ? apartCriterion('met', 'found when the report was made') : null;
}

async function judgedBy(
  run: CheckRun,
  end: ToolEnd,
  found: {
    readonly raw: (RawReport & Pick<KeptReport, 'madeIn'>) | null;
    /** Why what it wrote is no report. */
    readonly refused: string | null;
    readonly by: JudgedBy;
    readonly deadline: Deadline;
    /** The last line that it printed; empty when it printed none. */
    readonly lastWords: string;
  },
): Promise<Judged> {
  const { raw, refused, by, deadline, lastWords } = found;
  const { reader } = run.check;
  if (refused !== null) return failed(refused);
  switch (end.kind) {
    case 'not-started':
      return failed(end.reason);
    case 'killed':
      return failed(`It was killed by ${end.signal}.`);
    case 'ended':
      return stopped(run, deadline);
    case 'exited':
      if (reader === null) return prepared(end.code);
      if (raw === null) {
        return failed(`It wrote no report, and ended with ${end.code}.${lastWordsIn(lastWords)}`);
      }
      return trusted(await judgedInTime(run, reader, { report: raw, by, deadline }), reader, {
        code: end.code,
        lastWords,
      });
  }
}

function lastWordsIn(words: string): string {
  return words === '' ? '' : ` Its last words: ${words}`;
}

/** What is stopped while its report is read has shown nothing. */
async function judgedInTime(
  run: Pick<CheckRun, 'check' | 'signal'>,
  reader: ReportReader,
  of: {
    readonly report: Parameters<typeof judgeEvidence>[1];
    readonly by: JudgedBy;
    readonly deadline: Deadline;
  },
): Promise<JudgedReport> {
  const { report, by, deadline } = of;
  const signal = AbortSignal.any([run.signal, deadline.signal]);
  try {
    return await judgeEvidence(reader, report, by, signal);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    return { judged: stopped(run, deadline), hasFault: false };
  }
}

function stopped({ check, signal }: Pick<CheckRun, 'check' | 'signal'>, of: Deadline): Judged {
  const isOverdue = of.hasPassed();
  return failed(isOverdue ? `It took longer than ${check.timeout} ms.` : stoppedBecause(signal));
}

/** Null when there is none; a sentence of what cannot be one. */
async function foundReport(path: string): Promise<RawReport | string | null> {
  try {
    return await rawReport(path);
  } catch (error) {
    return invalidityOf(error);
  }
}

/** Null when it lies there now; else why the tool is not started. */
async function plantRefusal({ directory, check }: CheckRun): Promise<ToolEnd | null> {
  try {
    const baits = Object.keys(check.plant);
    const there = baits.length === 0 ? [] : await pathsBelow(directory);
    await writeFiles(directory, check.plant);
    const confused = baits.find((bait) => there.some(({ path }) => isReadAs(path, bait)));
    if (confused === undefined) return null;
    const reason = `What is planted, "${confused}", reads like the path of another file. Give it a name that none has.`;
    return { kind: 'not-started', reason };
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return { kind: 'not-started', reason: error.message };
  }
}

/** Names with escapes are read by their tools as they are, or as what they stand for; some tools begin in a folder below. */
function isReadAs(path: string, bait: string): boolean {
  return [path, pathOfUri(path)].some(
    (name) => name.endsWith(`/${bait}`) || (path !== bait && namesPath(name, bait)),
  );
}

/** Those that end with another code when they find something. */
const TELLS_BY_CODE: ReadonlySet<Rule['subject']> = new Set(['findings', 'controls']);
/** From here on a shell tells that a program could not be started, or was killed. */
const NOT_RUN_CODE = 126;

/**
 * A code never makes a pass, but it may contradict one: the report was whole, and the tool was not. One that tells of
 * something by its code has something to tell of.
 */
function trusted(
  { judged, hasFault }: JudgedReport,
  { rule }: ReportReader,
  { code, lastWords }: { readonly code: number; readonly lastWords: string },
): Judged {
  if (code === 0) return judged;
  const words = lastWordsIn(lastWords);
  if (judged.because !== null) {
    return { ...judged, because: `${judged.because} The tool ended with ${code}.${words}` };
  }
  const mayTell = TELLS_BY_CODE.has(rule.subject) && code < NOT_RUN_CODE;
  if (judged.outcome !== 'PASS' || (mayTell && hasFault)) return judged;
  const because = `Its report is good${mayTell ? ' and tells of nothing' : ''}, and yet it ended with ${code}.`;
  return { ...judged, outcome: 'ERROR', because: `${because}${words}` };
}

async function baitApart(run: CheckRun, call: LoggedCall): Promise<Criterion | null> {
  const { reader, plantApart } = run.check;
  if (!reader || Object.keys(plantApart).length === 0) return null;
  // No check has a dot in its name, so that no other report lies there.
  const report = `${run.raw}.of-bait`;
  return plantedApart(reader, plantApart, { ...call, report, directory: run.apart }, run.evidence);
}

function prepared(code: number): Judged {
  if (code !== 0) return failed(`It ended with ${code}.`);
  return { outcome: 'PASS', because: null, criteria: [], tool: null };
}

function failed(because: string): Judged {
  return { outcome: 'ERROR', because, criteria: [], tool: null };
}
