/** A plan for people: what replaces what, every step with its deadline and limits, the way back. */
import type { PlanAnswer } from '../../api/contract/answers.ts';
import type { MirrorLimits } from '../../core/gates/judge-mirror.ts';
import type { TrafficLimits } from '../../core/gates/judge-traffic.ts';
import { upperBoundOf } from '../../core/model/histogram.ts';
import type { Lease } from '../../core/model/routing.ts';
import type { Plan, PlannedService, ReleaseIdentity, Step } from '../../core/plan/plan.ts';
import { serviceOf } from '../../core/plan/service-of.ts';
import { windowsOf } from '../../core/plan/windows-of.ts';
import type { ComparisonPolicy } from '../../core/verdict/comparison.ts';
import type { GaugeLimits } from '../../core/verdict/gauge-blocks.ts';
import { counted } from '../../core/words/counted.ts';
import { releases } from '../../core/words/releases.ts';
import type { Fact } from './cost-facts.ts';
import { escapeText } from './escape-text.ts';
import type { Paint } from './paint.ts';
import { showNumber } from '../../core/words/show-number.ts';
import { showSize } from '../../core/words/show-size.ts';
import { forecastSentence, windowsWords } from '../../core/words/window-words.ts';
import { showValue } from '../../core/words/show-value.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { strategyFacts } from './strategy-facts.ts';
import { migrationFacts } from './migration-facts.ts';
import { factLines } from './table.ts';

export function planLines(plan: Plan, digest: string, paint: Paint): string[] {
  return [
    paint.strong(escapeText(planTitle(plan))),
    '',
    ...plan.steps.flatMap((step, index) => stepLines(step, index + 1, plan)),
    '',
    ...(plan.revert.length === 0
      ? ['There is no way back from here.']
      : [paint.strong('If a step fails, the way back:')]),
    ...plan.revert.flatMap((step, index) => stepLines(step, index + 1, plan)),
    '',
    ...factLines([
      ...plan.services.flatMap((service) => serviceFacts(plan, service)),
      ['digest', digest],
    ]).map(escapeText),
  ];
}

function serviceFacts(plan: Plan, service: PlannedService): readonly Fact[] {
  const { release, replaces, candidate, windows } = service;
  return [
    ...(plan.services.length > 1 ? [['service', service.service] as const] : []),
    ['release', identity(release)],
    ['replaces', replaces ? identity(replaces) : 'nothing: this is the first release'],
    ...strategyFacts(plan.kind, service),
    ...migrationFacts(service),
    ...(windows ? [['windows', windows.map(windowsWords).join(', and ')] as const] : []),
    ['instances', `${candidate.instances} of ${candidate.command.join(' ')}`],
  ];
}

/** What its windows say of carrying it out now. */
export function windowsLines({ plan, windows }: PlanAnswer): string[] {
  const sentence = windows ? forecastSentence(windowsOf(plan), windows) : null;
  return sentence === null ? [] : ['', escapeText(sentence)];
}

export function planTitle({ id, kind, services, environment }: Plan): string {
  return `${id}: ${whatOf[kind]} ${releases(services)} in ${environment}`;
}

const whatOf: Readonly<Record<Plan['kind'], string>> = {
  deploy: 'deploy',
  repair: 'repair with',
  rollback: 'roll back to',
  restore: 'restore',
};

function stepLines(step: Step, number: number, plan: Plan): string[] {
  const place = `${String(number).padStart(3)}. ${step.row.padEnd(3)} `;
  const indent = ' '.repeat(place.length);
  const mark = step.id === plan.pointOfNoReturn ? ' (cannot be taken back)' : '';
  const deadline = `within ${showDuration(step.deadlineMs)}`;
  return [
    `${place}${step.title}${mark} [${step.id}, ${deadline}]`,
    ...detailsOf(step, plan).map((detail) => `${indent}${detail}`),
  ].map(escapeText);
}

function detailsOf({ action, scope }: Step, plan: Plan): string[] {
  switch (action.kind) {
    case 'validate-release':
      return checksTexts(serviceOf(plan, scope));
    case 'rehearse-migrations':
      return migrationTexts(serviceOf(plan, scope));
    case 'check-data':
      return invariantTexts(serviceOf(plan, scope));
    case 'secure-backup':
      return ['gate: restored into a place of its own, it is what was taken'];
    case 'judge-traffic':
      return [
        limitsText(action.limits),
        ...(action.comparison ? [comparisonText(action.comparison)] : []),
      ];
    case 'judge-mirror':
      return [mirrorLimitsText(action.limits)];
    case 'probe-pool':
    case 'probe-service':
      return [
        `gate: every probe passes ${action.policy.consecutive} times in a row, every ${showDuration(action.policy.intervalMs)}`,
      ];
    case 'drill-revert':
      return [
        'gate: every instance accepts connections; its artifact and configuration are as deployed',
      ];
    case 'apply-split':
      return action.split.lease ? leaseTexts(action.split.lease) : [];
    case 'await-approval':
      return [
        `the traffic stays where it is${action.watched ? ' and is judged on' : ''}; not approved in time, the way back`,
      ];
    case 'note-schema':
      return action.accepted === undefined
        ? []
        : [`what has drifted is accepted: ${action.accepted}`];
    case 'check-schema':
    case 'hold-traffic':
    case 'check-pools':
    case 'apply-migrations':
    case 'ensure-pool':
    case 'drain-pool':
    case 'stop-pool':
    case 'verify-state':
      return [];
  }
}

function migrationTexts({ database }: PlannedService): string[] {
  const { now = [], blockedMs = 0, rowsLost = 0 } = database?.migrations ?? {};
  const rows = rowsLost === 0 ? 'no row' : `at most ${counted(rowsLost, 'row')} of a table`;
  return [
    ...now.flatMap(({ name, migrationClass, dangers }) => [
      `${name} (${migrationClass})`,
      ...dangers.map((danger) => `  ${danger}`),
    ]),
    `gate: keeps others out of a table for ${showDuration(blockedMs)} at most, loses ${rows}; both releases pass their probes on what it leaves`,
  ];
}

function invariantTexts({ database }: PlannedService): string[] {
  return [`gate: ${(database?.invariants ?? []).map(({ name }) => name).join(', ')}`];
}

function checksTexts({ validation }: PlannedService): string[] {
  const { checks = [], waivers = [] } = validation ?? {};
  const names = checks.map(({ name, row }) => (row === undefined ? name : `${name} (${row})`));
  return [
    `gate: ${names.join(', ')}`,
    ...waivers.map(({ finding, owner, until }) => `waived: ${finding}, by ${owner} until ${until}`),
  ];
}

function leaseTexts({ ttlMs, trip, assignment, safeFirst, hedgePercent }: Lease): string[] {
  return [
    `lease ${showDuration(ttlMs)}; trips at ${tripText(trip)}`,
    ...(safeFirst
      ? [
          `requests that change something go to it after ${safeFirst} safe ones that it answers well`,
        ]
      : []),
    ...(hedgePercent
      ? [
          `up to ${hedgePercent} % of its safe requests, where it is late, go to the stable release as well`,
        ]
      : []),
    ...(assignment
      ? [`clients stay with their release, by the ${assignment.by} ${assignment.name}`]
      : []),
  ];
}

function limitsText({ errorRateMax, latency, samplesMin, holdMs }: TrafficLimits): string {
  const quantile = Math.round(latency.quantile * 1_000) / 10;
  return [
    `gate: failed requests at most ${showValue(errorRateMax, 'fraction')}`,
    `p${quantile} at most ${showDuration(latency.maxMs)}`,
    `at least ${samplesMin} requests and ${showDuration(holdMs)}`,
  ].join(', ');
}

function mirrorLimitsText({ samplesMin, differentMax, latency }: MirrorLimits): string {
  const quantile = Math.round(latency.quantile * 1_000) / 10;
  return `gate: answered differently beyond noise at most ${showValue(differentMax, 'fraction')}, p${quantile} at most ${showDuration(latency.maxMs)}, at least ${samplesMin} mirrored requests`;
}

function comparisonText({
  settings,
  warmUpResponses,
  mustExcludeHarm,
  against,
  gauges = {},
}: ComparisonPolicy): string {
  const { weights, errors, latency, falseRollback } = settings;
  const slower = 100 * (upperBoundOf(latency.marginBuckets) - 1);
  const parts = [
    ...(weights.errors > 0 ? [`fails more than ${errors.ratio} times as often`] : []),
    ...(weights.latency > 0
      ? [`is more than ${Math.round(slower)} % and ${latency.marginUs / 1_000} ms slower`]
      : []),
    ...(weights.resources > 0 ? [`takes up more and more ${resourcesText(gauges)}`] : []),
  ];
  const other = against ? 'a fresh pool of the stable release' : 'the stable release';
  const proof = mustExcludeHarm ? '; goes on only when it does no harm beyond doubt' : '';
  return `compared with ${other} after ${warmUpResponses} answers: reverts when it ${parts.join(' or ')} beyond doubt, and is itself wrong in at most 1 of ${Math.round(1 / falseRollback)} deployments${proof}`;
}

function resourcesText({ memory, openFiles }: GaugeLimits): string {
  return [
    ...(memory ? [`memory (limit ${showSize(memory.limit)})`] : []),
    ...(openFiles ? [`open files (limit ${showNumber(openFiles.limit)})`] : []),
  ].join(' or ');
}

function tripText({ connectErrors, serverErrors, timeouts, hangAfterMs }: Lease['trip']): string {
  const counts = `${connectErrors} connect errors, ${serverErrors} server errors or ${timeouts} time-outs`;
  if (hangAfterMs === undefined) return counts;
  return `${counts}, or when it leaves requests unanswered for ${showDuration(hangAfterMs)}, unlike the stable release`;
}

function identity(release: ReleaseIdentity): string {
  return `${release.version} (artifact ${shortDigest(release.artifactDigest)}, config ${shortDigest(release.configDigest)})`;
}

export function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
