/** The last link of a chain: its profile is judged by what the others have left, and what it found is kept. */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { COMPLIANCE, type ComplianceReport } from '../../core/compliance/compliance-report.ts';
import { controlCounts, controlLine } from '../../core/compliance/control-line.ts';
import { factsFor } from '../../core/compliance/checks-for.ts';
import type { RuledCheck } from '../../core/compliance/limits-kept.ts';
import { judgeCompliance } from '../../core/compliance/judge-compliance.ts';
import type { PlannedControls } from '../../core/compliance/planned-controls.ts';
import type { CheckShown } from '../../core/compliance/shown-evidence.ts';
import { elapsedMs, type Clock } from '../../platform/clock.ts';
import { writeFileAtomically } from '../../platform/write-file-atomically.ts';
import { nothingDone, type CheckResult } from '../validation/check-result.ts';
import type { NamedCheck } from '../validation/run-check.ts';
import { maskReport } from './mask-report.ts';
import { observeFacts } from './observe-facts.ts';
import type { ObservedPlace } from './observed-place.ts';

const ROW = 'V10';

export interface ControlsAsked {
  readonly planned: PlannedControls;
  /** Where facts are looked for; what was declared is in the plan. */
  readonly place: Omit<ObservedPlace, 'declared'>;
  /** Of this Surefoot. */
  readonly version: string;
}

/** What each of them asks for. */
export function ruledChecks(checks: readonly NamedCheck[]): readonly RuledCheck[] {
  return checks.map(({ name, row, reader }) => ({
    name,
    row: row ?? null,
    rule: reader?.rule ?? null,
  }));
}

export interface ControlsRun {
  readonly asked: ControlsAsked;
  readonly results: readonly CheckResult[];
  /** The folder of the run. */
  readonly evidence: string;
  readonly secretValues: readonly string[];
  readonly clock: Clock;
}

export interface JudgedControls {
  readonly result: CheckResult;
  /** As it is kept; null when it was stopped before. */
  readonly report: ComplianceReport | null;
}

export async function judgeControls(run: ControlsRun): Promise<JudgedControls> {
  const { asked, clock } = run;
  const startedNs = clock.monotonicNs();
  const startedAt = new Date(clock.wallMs()).toISOString();
  if (asked.place.signal.aborted) return { result: notRun(asked), report: null };
  const whole = await reportOf(run, startedAt);
  const report = maskReport(whole, run.secretValues);
  const evidence = await keep(join(run.evidence, COMPLIANCE), report);
  const result: CheckResult = {
    ...aboutIt(asked),
    ...{ outcome: report.outcome, because: null, criteria: report.criteria, startedAt },
    durationMs: Math.round(elapsedMs(clock, startedNs)),
    evidence,
  };
  return { result, report };
}

/** What it depends on is the whole machine. */
function aboutIt({ version, planned }: ControlsAsked) {
  const about = { name: COMPLIANCE, row: ROW, run: [COMPLIANCE, planned.profile.where] };
  return { ...nothingDone(about), tool: { name: 'surefoot', version } };
}

function notRun(asked: ControlsAsked): CheckResult {
  return { ...aboutIt(asked), outcome: 'NOT_RUN', because: 'It was stopped.' };
}

async function reportOf(run: ControlsRun, startedAt: string): Promise<ComplianceReport> {
  const { asked, results, evidence, clock } = run;
  const { profile, exemptions, declared } = asked.planned;
  const { system, service, environment } = declared;
  const facts = await observeFacts(factsFor(profile), { ...asked.place, declared });
  const nowMs = clock.wallMs();
  const verdict = judgeCompliance(profile, {
    ...{ environment, service, facts, exemptions, nowMs },
    checks: results.map((result) => shownOf(result, evidence)),
  });
  const { name, title, where, digest } = profile;
  return {
    ...{ format: 'surefoot-compliance-1', surefoot: asked.version, system, service, environment },
    ...{ profile: { name, title, where, digest }, startedAt },
    endedAt: new Date(nowMs).toISOString(),
    ...verdict,
  };
}

/** Paths below the folder of the run, so that it may be moved. */
function shownOf({ evidence, ...result }: CheckResult, folder: string): CheckShown {
  const { name, row, outcome, because, criteria } = result;
  const report = evidence?.report ?? null;
  return {
    ...{ name, row, outcome, because, criteria },
    report: report && { path: relative(folder, report.path), digest: report.digest },
  };
}

async function keep(folder: string, report: ComplianceReport): Promise<CheckResult['evidence']> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [log, path] = [join(folder, 'log.txt'), join(folder, 'report')];
  const lines = [controlCounts(report.controls), ...report.controls.map(controlLine)];
  writeFileAtomically(log, `${lines.join('\n')}\n`);
  const text = `${JSON.stringify(report, null, 2)}\n`;
  writeFileAtomically(path, text);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}` as const;
  return { log, report: { path, bytes: Buffer.byteLength(text), digest } };
}
