/** Passes the checks of a release, or says which it does not pass, and where the evidence lies. */
import { failureOf, type Failure } from '../../core/failures.ts';
import { invariant } from '../../core/invariant.ts';
import type { PlannedService } from '../../core/plan/plan.ts';
import { criterionSentence } from '../../core/validation/criterion-sentence.ts';
import { isSilent } from '../../core/validation/is-silent.ts';
import { counted } from '../../core/words/counted.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import type { CheckResult } from '../validation/check-result.ts';
import type { ChainProgress } from '../validation/run-chain.ts';
import type { ValidationResult } from '../validation/validate-release.ts';

export async function validateRelease(context: ActionContext): Promise<ActionResult> {
  const { service, signal } = context;
  invariant(service.validation, 'only a service with a validation is validated');
  const result = await context.work.validate({
    ...{ system: context.plan.system, service, signal },
    packed: await context.environmentOf(service.validation.environmentDigest),
    environmentOf: context.environmentOf,
    onEvent: (event) => {
      const text = textOf(event);
      if (text !== null) context.progress(text);
    },
  });
  signal.throwIfAborted();
  const failure = failureIn(service, result);
  if (failure) return { kind: 'failed', failure };
  const count = counted(result.checks.length, 'check');
  return ok(`${count} passed. Evidence: ${result.evidence}`, { details: recorded(result) });
}

function textOf(event: ChainProgress): string | null {
  switch (event.kind) {
    case 'started':
      return `${event.check} runs`;
    case 'ended':
      return `${event.result.name}: ${event.result.outcome}`;
    case 'line':
      return null;
  }
}

function failureIn(service: PlannedService, result: ValidationResult): Failure | null {
  const { validation, release } = service;
  if (validation?.isArtifact === true && result.source !== release.artifactDigest) {
    const message = `What was checked is not what was planned: its digest is ${result.source ?? 'unknown'}, not ${release.artifactDigest}.${result.sourceRefusal === null ? '' : ` ${result.sourceRefusal}`}`;
    return failureOf('validation-failed', message, { details: recorded(result) });
  }
  const bad = result.checks.filter(({ outcome }) => outcome !== 'PASS');
  if (bad.length === 0) return silenceOf(service, result);
  const message = `${bad.length} of ${counted(result.checks.length, 'check')} of ${release.version} did not pass. ${bad.map(sentenceOf).join(' ')}`;
  return failureOf('validation-failed', message, { details: recorded(result) });
}

/** A chain that only prepares passes, and shows nothing. */
function silenceOf(
  { release, validation }: PlannedService,
  result: ValidationResult,
): Failure | null {
  if (validation && !isSilent(validation) && result.checks.length > 0) return null;
  const message = `None of ${counted(result.checks.length, 'check')} of ${release.version} has a report, so that nothing is known of it.`;
  return failureOf('validation-failed', message, { details: recorded(result) });
}

/** `lint: FAIL, findings of medium and above: 3, where none is allowed.` */
function sentenceOf({ name, outcome, because, criteria }: CheckResult): string {
  const unmet = criteria.find(({ state }) => state !== 'met');
  const why = unmet ? `${criterionSentence(unmet)}.` : (because ?? '');
  return `${name}: ${outcome}, ${why}`;
}

/** The record names every check's evidence by its digest, so that nobody changes one unseen. */
function recorded({ evidence, source, checks }: ValidationResult): Record<string, unknown> {
  return {
    ...{ evidence, source },
    checks: checks.map(({ name, row, outcome, because, tool, reused, ...check }) => ({
      ...{ name, row, outcome, because, tool, reused: reused !== null },
      ...{ startedAt: check.startedAt, report: check.evidence?.report?.digest ?? null },
      criteria: check.criteria,
    })),
  };
}
