/** The last lines of a deployment: how it ended, why, what it cost clients, and what to do next. */
import type { Cause } from '../../core/deployment/deployment-state.ts';
import type { DeploymentSummary } from '../../core/deployment/deployment-summary.ts';
import { failures, type FailureCode } from '../../core/failures.ts';
import { shown, type Finding } from '../../core/gates/judge-traffic.ts';
import { changesNothing } from '../../core/plan/changes-nothing.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { placeOfStep } from './deployment-view.ts';
import { escapeText } from './escape-text.ts';
import type { Paint } from './paint.ts';
import { showDuration } from './show-duration.ts';
import { factLines } from './table.ts';

type Fact = readonly [name: string, value: string];

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
  const service = `${plan.service} ${escapeText(summary.release)}`;
  const before = plan.replaces && escapeText(plan.replaces.version);
  switch (summary.outcome) {
    case 'promoted':
      return paint.good(
        `${plan.id} PROMOTED: ${plan.leaves ? `${service} serves ${plan.environment}` : `${plan.environment} is as before`}.`,
      );
    case 'reverted':
      return paint.bad(
        `${plan.id} REVERTED: ${wasTouched(plan, summary) ? `${service} was taken back` : 'nothing was changed'}; ${before === null ? 'nothing serves, as before' : `${before} serves ${plan.environment}`}.`,
      );
    case 'held':
      return paint.bad(
        `${plan.id} HELD: call someone. Traffic is frozen on the last verified pool and something is left open.`,
      );
  }
}

function wasTouched({ steps }: Plan, { cause }: DeploymentSummary): boolean {
  const reached = steps.findIndex(({ id }) => id === cause?.step);
  return steps.slice(0, reached + 1).some(({ action }) => !changesNothing(action));
}

function causeFacts(plan: Plan, cause: Cause): readonly Fact[] {
  const place = placeOfStep(plan, cause.step);
  const finding = cause.judgement?.findings.find(({ met }) => !met);
  const held = cause.judgement?.findings.find(({ metric }) => metric === 'held');
  return [
    ['step', place ? `${cause.step} (${place.step.row}): ${place.step.title}` : cause.step],
    ...(finding ? findingFacts(finding) : [['gate', cause.failure.code] as const]),
    ...(held ? [['window', windowText(held)] as const] : []),
    ...(finding ? [['samples', `${finding.samples} requests`] as const] : []),
    ['reason', cause.failure.message],
    ['remedy', remedyOf(cause.failure.code)],
  ];
}

function findingFacts({ metric, observed, limit, unit }: Finding): readonly Fact[] {
  return [
    ['gate', metric],
    ['observed', shown(observed, unit)],
    ['limit', shown(limit, unit)],
  ];
}

function windowText({ observed, limit }: Finding): string {
  return `held ${showDuration(observed)} of ${showDuration(limit)}`;
}

function costFacts({ exposure, decisionToZeroMs }: DeploymentSummary): readonly Fact[] {
  const { requests, clientErrors, idempotentClientErrors, rescued, budgetSeconds, isWhole } =
    exposure;
  return [
    [
      'exposure',
      `${isWhole ? '' : 'at least '}${requests} requests, ${exposure.failures} failed; ${rescued} answered by the stable release instead; ${budgetSeconds} s of error budget`,
    ],
    [
      'clients',
      `${isWhole ? '' : 'at least '}${clientErrors} errors seen, ${idempotentClientErrors} on requests safe to repeat`,
    ],
    ...(isWhole
      ? []
      : [
          [
            'counted',
            'in part: the balancer did not keep all of the time, or was not reached',
          ] as const,
        ]),
    ...(decisionToZeroMs === null
      ? []
      : [
          ['to zero', `${showDuration(decisionToZeroMs)} from the decision to no traffic`] as const,
        ]),
  ];
}

/** A newer server may know failures that this command does not. */
function remedyOf(code: FailureCode): string {
  return Object.hasOwn(failures, code) ? failures[code].remedy : 'See the record.';
}

function nextCommand(plan: Plan, summary: DeploymentSummary): string {
  switch (summary.outcome) {
    case 'promoted':
      return 'surefoot status';
    case 'reverted':
      return wasTouched(plan, summary) || plan.replaces === null
        ? `surefoot logs --deployment ${plan.id}`
        : `when ${plan.replaces.version} is broken: surefoot rollback, or surefoot deploy --repair`;
    case 'held':
      return `surefoot status; then surefoot rollback --service ${plan.service} --environment ${plan.environment} ends what is left open`;
  }
}
