/** Judges a report that is kept, by what counts at this moment: waivers, the clock, and the stable release's report. */
import { createReadStream } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { OperationalError } from '../../core/operational-error.ts';
import { addKnown, excusesKnown, type Baseline } from '../../core/validation/baseline.ts';
import type { CheckedRelease } from '../../core/validation/criteria/signed-criteria.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import type { Fact } from '../../core/validation/fact.ts';
import { firstExcuse, type ExcuseOf } from '../../core/validation/first-excuse.ts';
import { judgeReport, type Circumstances } from '../../core/validation/judge-report.ts';
import { levelOfRule } from '../../core/validation/level-of-rule.ts';
import type { Rule } from '../../core/validation/rule.ts';
import {
  addFact,
  newTally,
  plainly,
  type Counting,
  type Tally,
} from '../../core/validation/tally.ts';
import type { ReportReader, ReportSource } from '../../drivers/contract.ts';
import type { CheckResult, KeptReport } from './check-result.ts';
import { withoutCopy } from './without-copy.ts';

export type Judged = Pick<CheckResult, 'outcome' | 'because' | 'criteria' | 'tool'>;

/** What is there of the same check on the stable release. */
export type KeptBaseline =
  | Exclude<Baseline, { readonly kind: 'found' }>
  | {
      readonly kind: 'kept';
      readonly release: string;
      /** Its name. */
      readonly run: string;
      readonly report: Pick<KeptReport, 'path' | 'bytes' | 'digest' | 'madeIn'>;
      /** In what it is of. */
      readonly planted: readonly string[];
    };

/** `hasFault`: its report tells of anything that is not as it should be. */
export interface JudgedReport {
  readonly judged: Judged;
  readonly hasFault: boolean;
}

type ReportFile = Pick<KeptReport, 'path' | 'bytes' | 'madeIn'>;

export interface JudgedBy {
  /** Paths of what was hidden for the tool to find. */
  readonly planted: readonly string[];
  readonly apart: Criterion | null;
  readonly dated: Circumstances['dated'];
  readonly nowMs: number;
  readonly baseline: KeptBaseline;
  /** Missing where nobody knows. */
  readonly about?: CheckedRelease;
  /** In what is kept no secret stands, and so in no baseline. */
  readonly asKept?: (text: string) => string;
  readonly excuseOf: ExcuseOf;
}

/** The same of all that a check does. */
export type JudgedByRun = Omit<JudgedBy, 'planted' | 'apart' | 'dated'>;

/** Rethrows why `signal` was given, which counts between facts. */
export async function judgeEvidence(
  reader: ReportReader,
  report: ReportFile,
  by: JudgedBy,
  signal: AbortSignal,
): Promise<JudgedReport> {
  const { planted, apart, dated, nowMs } = by;
  try {
    const baseline = isRelative(reader.rule) ? await readBaseline(reader, by, signal) : NONE;
    const isKnown = excusesKnown(isExceptStable(reader.rule) ? baseline : NONE, by.asKept);
    const counting = {
      ...{ planted, excuseOf: firstExcuse([by.excuseOf, isKnown]) },
      baitLevel: levelOfRule(reader.rule),
    };
    const tally = await tallyReport(reader, report, signal, counting);
    const verdict = judgeReport(reader.rule, tally, {
      ...{ planted, apart, dated, nowMs, baseline },
      ...(by.about && { about: by.about }),
    });
    const { tool, hasFault } = tally;
    return { judged: { ...verdict, because: null, tool }, hasFault };
  } catch (error) {
    const because = `Its report cannot be read. ${invalidityOf(error)}`;
    return { judged: { outcome: 'ERROR', because, criteria: [], tool: null }, hasFault: false };
  }
}

/** Throws `report-invalid`, and why `signal` was given. */
export async function tallyReport(
  reader: ReportReader,
  report: ReportFile,
  signal: AbortSignal,
  counting: Counting = plainly,
): Promise<Tally> {
  const tally = newTally();
  for await (const fact of factsOf(reader, report, signal)) addFact(tally, fact, counting);
  return tally;
}

/** Rethrows what is no matter of the report. */
export function invalidityOf(error: unknown): string {
  if (error instanceof OperationalError && error.failure.code === 'report-invalid') {
    return error.message;
  }
  throw error;
}

const NONE: Baseline = { kind: 'none' };

async function readBaseline(
  reader: ReportReader,
  { baseline: kept, planted }: JudgedBy,
  signal: AbortSignal,
): Promise<Baseline> {
  if (kept.kind !== 'kept') return kept;
  const { release, report } = kept;
  const bait = [...planted, ...kept.planted];
  const tally = newTally();
  const known = new Map<string, number>();
  try {
    for await (const fact of factsOf(reader, report, signal)) {
      addFact(tally, fact);
      addKnown(known, fact, bait);
    }
  } catch (error) {
    invalidityOf(error);
    return { kind: 'missing', release };
  }
  return { kind: 'found', release, known, coverage: tally.coverage };
}

/** Whether what is kept of the stable release says something to it. */
export function isRelative(rule: Rule): boolean {
  return isExceptStable(rule) || (rule.subject === 'coverage' && rule.marginMax !== null);
}

function isExceptStable(rule: Rule): boolean {
  return rule.subject === 'findings' && rule.exceptStable;
}

/** Tools that name places by their whole path name the copy that they looked at, which is another each time. */
async function* factsOf(
  reader: ReportReader,
  report: ReportFile,
  signal: AbortSignal,
): AsyncGenerator<Fact> {
  let count = 0;
  const cut = withoutCopy(report.madeIn ?? []);
  for await (const fact of reader.read(sourceOf(report, signal))) {
    count += 1;
    if (count % FACTS_AT_ONCE === 0) await takeBreath(signal);
    yield fact.kind === 'finding'
      ? {
          ...fact,
          places: fact.places.map(({ text, spot, paths, names }) => ({
            ...{ text: cut(text), spot: cut(spot) },
            ...{ paths: paths.map(cut), names: names.map(cut) },
          })),
          message: cut(fact.message),
        }
      : fact;
  }
}

const FACTS_AT_ONCE = 1_000;

/** A stream that is read without anything to wait for lets nobody else go on. */
async function takeBreath(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

/** Much may stand in a report that makes no fact. */
function sourceOf({ path, bytes }: ReportFile, signal: AbortSignal): ReportSource {
  return {
    bytes,
    async *chunks() {
      for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
        await takeBreath(signal);
        yield chunk;
      }
    },
  };
}
