/** The last lines of a deployment: how it ended, why, what it cost clients, and what to do next. */
import type { Cause } from '../../core/deployment/deployment-state.ts';
import type { DeploymentSummary } from '../../core/deployment/deployment-summary.ts';
import { failures, type FailureCode } from '../../core/failures.ts';
import { evidenceOfChecks } from '../../core/explanation/evidence-of-checks.ts';
import { outcomeSentence, wasTouched } from '../../core/explanation/outcome-sentence.ts';
import type { Finding } from '../../core/gates/finding.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { costFacts, type Fact } from './cost-facts.ts';
import { placeOfStep } from './deployment-view.ts';
import { escapeText } from './escape-text.ts';
import type { Paint } from './paint.ts';
import { counted } from '../../core/words/counted.ts';
import { showValue } from '../../core/words/show-value.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { factLines } from './table.ts';
import { logsCommand } from './logs-command.ts';

export function outcomeLines(plan: Plan, summary: DeploymentSummary, paint: Paint): string[] {
  const { cause } = summary;
  const facts: Fact[] = [
    ...(cause ? causeFacts(plan, cause) : []),
    ...costFacts(summary),
    ['took', showDuration(summary.totalMs)],
    ['next', nextCommand(plan, summary)],
  ];
  return ['', headline(plan, summary, paint), ...factLines(facts).map((line) => escapeText(line))];
}

function headline(plan: Plan, summary: DeploymentSummary, paint: Paint): string {
  const text = `${plan.id} ${summary.outcome.toUpperCase()}: ${outcomeSentence(plan, summary)}`;
  return (summary.outcome === 'promoted' ? paint.good : paint.bad)(escapeText(text));
}

function causeFacts(plan: Plan, cause: Cause): readonly Fact[] {
  const place = placeOfStep(plan, cause.step);
  const finding = cause.judgement?.findings.find(({ met }) => !met);
  const held = cause.judgement?.findings.find(({ metric }) => metric === 'held');
  return [
    ['step', place ? `${cause.step} (${place.step.row}): ${place.step.title}` : cause.step],
    ...(finding ? findingFacts(finding) : [['gate', cause.failure.code] as const]),
    ...(held ? [['window', windowText(held)] as const] : []),
    ...(finding ? [['samples', counted(finding.samples, 'request')] as const] : []),
    ['reason', cause.failure.message],
    ['remedy', remedyOf(cause.failure.code)],
  ];
}

function findingFacts({ metric, observed, limit, unit }: Finding): readonly Fact[] {
  return [
    ['gate', metric],
    ['observed', showValue(observed, unit, limit)],
    ['limit', showValue(limit, unit, observed)],
  ];
}

function windowText({ observed, limit }: Finding): string {
  return `held ${showDuration(observed)} of ${showDuration(limit)}`;
}

/** A newer server may know failures that this command does not. */
function remedyOf(code: FailureCode): string {
  return Object.hasOwn(failures, code) ? failures[code].remedy : 'See the record.';
}

function nextCommand(plan: Plan, summary: DeploymentSummary): string {
  const [first] = plan.services;
  const before = plan.services.flatMap(({ replaces }) => replaces?.version ?? []);
  const evidence = summary.cause && evidenceOfChecks(summary.cause.failure);
  // Nothing was started that could have written a log.
  if (evidence) return `surefoot explain ${plan.id}; logs and reports of the checks: ${evidence}`;
  switch (summary.outcome) {
    case 'promoted':
      return 'surefoot status';
    case 'reverted':
      return wasTouched(plan, summary) || before.length === 0
        ? `surefoot explain ${plan.id}; ${logsCommand(plan.id, plan.services)}`
        : `when ${before.join(' or ')} is broken: surefoot rollback, or surefoot deploy --repair`;
    case 'held':
      return `surefoot status; then surefoot rollback --service ${first.service} --environment ${plan.environment} ends what is left open`;
  }
}
