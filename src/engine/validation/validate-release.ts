/** A validation chain from its declaration to evidence that is kept: by a command as by a deployment. */
import { join } from 'node:path';
import { masksSecrets } from '../../config/mask-secrets.ts';
import type { ValidationConfig } from '../../config/system-config.ts';
import { COMPLIANCE, type ComplianceReport } from '../../core/compliance/compliance-report.ts';
import type { CheckedRelease } from '../../core/validation/criteria/signed-criteria.ts';
import type { Outcome } from '../../core/validation/outcome.ts';
import { firstExcuse } from '../../core/validation/first-excuse.ts';
import { excusedByVex, type VexStatement } from '../../core/validation/vex.ts';
import { excusedByWaivers, waiversMeaning, type Waiver } from '../../core/validation/waiver.ts';
import type { AllowedCpus } from '../../platform/allowed-cpus.ts';
import type { Clock } from '../../platform/clock.ts';
import {
  judgeControls,
  type ControlsAsked,
  type JudgedControls,
} from '../compliance/judge-controls.ts';
import { baselineIn, type StableRelease } from './baseline-in.ts';
import type { CheckResult } from './check-result.ts';
import { maskResult } from './mask-result.ts';
import {
  keepForGood,
  keepRun,
  keptRuns,
  newRun,
  runsFolder,
  type ComparedWith,
} from './kept-runs.ts';
import { pruneRuns } from './prune-runs.ts';
import { isRelative, type JudgedByRun } from './judge-evidence.ts';
import type { PreviewPlan } from './preview-plan.ts';
import type { NamedCheck } from './run-check.ts';
import { runChain, type ChainProgress, type ChainResult } from './run-chain.ts';
import { notedRun } from './noted-run.ts';

export interface Validation {
  readonly service: string;
  /** Null of what has no version yet. */
  readonly release: string | null;
  readonly system: string;
  /** Digest of the release, for what is said of that alone; null when it is not known. */
  readonly digest: string | null;
  /** Digest of what is deployed if it passes; null of a chain alone. */
  readonly artifact: string | null;
  /** Its stable release, for what is asked relative to it; null without one. */
  readonly stable: StableRelease | null;
  readonly config: Pick<ValidationConfig, 'timeBox' | 'reuse' | 'waivers'>;
  readonly vex: readonly VexStatement[];
  readonly checks: readonly NamedCheck[];
  /** For those of them that need one; null without such. */
  readonly preview: PreviewPlan | null;
  /** What is judged last, by what the checks have left; null when nothing is. */
  readonly controls: ControlsAsked | null;
  /** What is checked. */
  readonly source: string;
  readonly stateDirectory: string;
  /** Whether all reports are to be made anew. */
  readonly isFresh: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly cpus: AllowedCpus;
  readonly self: readonly string[];
  readonly secretValues: readonly string[];
  readonly onEvent: (event: ChainProgress) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface ValidationResult {
  /** `PASS` when all have passed, else the first that is worse. */
  readonly outcome: Outcome;
  /** Digest of what was checked; null when it has none. */
  readonly source: string | null;
  /** Why it has none, so that nothing is used again. */
  readonly sourceRefusal: string | null;
  readonly checks: readonly CheckResult[];
  /** Of its controls; null when nobody asked for them. */
  readonly compliance: ComplianceReport | null;
  /** Those of the waivers that a finding was meant by. */
  readonly waiversMet: ReadonlySet<Waiver>;
  /** The folder of the run. */
  readonly evidence: string;
}

export async function validateRelease(validation: Validation): Promise<ValidationResult> {
  const { service, clock, config, stateDirectory, stable } = validation;
  const root = runsFolder(stateDirectory);
  const runs = await keptRuns(root, service);
  const { folder: evidence, startedAt } = await newRun(root, service, clock.wallMs());
  const comparedWith: ComparedWith[] = [];
  const waiversMet = new Set<Waiver>();
  const result = await notedRun(validation, async ({ workDirectory, environment }) => {
    const chain = await runChain({
      ...validation,
      workDirectory,
      environment: { ...validation.environment, ...environment },
      ...{ evidence, timeBoxMs: config.timeBox },
      reuse: validation.isFresh ? null : { runs, ageMaxMs: config.reuse },
      judgedBy: async (check): Promise<JudgedByRun> => {
        const nowMs = clock.wallMs();
        const baseline = stable && (await baselineIn(runs, check, stable));
        const rule = validation.checks.find(({ name }) => name === check)?.reader?.rule;
        if (baseline?.kind === 'kept' && rule && isRelative(rule)) {
          comparedWith.push({ check, run: baseline.run, digest: baseline.report.digest });
        }
        return {
          ...{
            nowMs,
            excuseOf: (finding) => {
              const meant = waiversMeaning(config.waivers, check, finding);
              for (const waiver of meant) waiversMet.add(waiver);
              return firstExcuse([
                () => excusedByVex(validation.vex, finding),
                () => excusedByWaivers(meant, nowMs, finding),
              ])(finding);
            },
          },
          about: aboutOf(validation),
          baseline: baseline ?? { kind: 'none' },
          asKept: masksSecrets(validation.secretValues),
        };
      },
    });
    // Until its evidence is whole it is noted as one that is under way.
    const kept = await keepResult(validation, chain, { root, evidence, startedAt, comparedWith });
    return { ...kept, waiversMet };
  });
  const asked = { ...{ service, stable, nowMs: clock.wallMs() }, reuseMs: config.reuse };
  await pruneRuns(stateDirectory, asked).catch(() => {
    // What became of the checks is known and kept; the next run tries it again.
  });
  return result;
}

function aboutOf({ system, service, release, digest }: Validation): CheckedRelease {
  return { system, service, version: release, artifact: digest };
}

async function keepResult(
  validation: Validation,
  { source, sourceRefusal, checks: results }: ChainResult,
  at: {
    readonly root: string;
    readonly evidence: string;
    readonly startedAt: string;
    readonly comparedWith: readonly ComparedWith[];
  },
): Promise<Omit<ValidationResult, 'waiversMet'>> {
  const { service, release, artifact, secretValues } = validation;
  const { root, evidence, startedAt, comparedWith } = at;
  const judged = await lastOf(validation, results, evidence);
  const checks = [...results, ...(judged ? [maskResult(judged.result, secretValues)] : [])];
  if (artifact !== null) {
    const makers = checks.flatMap(({ reused }) => reused?.run ?? []);
    const named = [...makers, ...comparedWith.map(({ run }) => run)];
    await keepForGood(evidence);
    for (const run of named) await keepForGood(join(root, run));
  }
  keepRun(evidence, {
    ...{ format: 1, service, release, artifact, source, sourceRefusal, startedAt },
    ...{ comparedWith, checks },
  });
  const worse = checks.find(({ outcome }) => outcome !== 'PASS');
  return {
    ...{ outcome: worse?.outcome ?? 'PASS', source, sourceRefusal, checks, evidence },
    compliance: judged?.report ?? null,
  };
}

async function lastOf(
  { controls: asked, onEvent, ...run }: Validation,
  results: readonly CheckResult[],
  evidence: string,
): Promise<JudgedControls | null> {
  if (!asked) return null;
  onEvent({ kind: 'started', check: COMPLIANCE });
  const judged = await judgeControls({ ...run, asked, results, evidence });
  onEvent({ kind: 'ended', result: judged.result });
  return judged;
}
