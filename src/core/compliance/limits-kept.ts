/**
 * Whether checks ask for as much as the protocol does: one that passes by a limit of its own, which is looser, shows
 * nothing of a control that names another.
 */
import { showDuration } from '../words/show-duration.ts';
import { showNumber } from '../words/show-number.ts';
import { isAtLeast, type Level } from '../validation/level.ts';
import type { FindingsRule, LoadRule, Rule } from '../validation/rule.ts';
import type { Observation } from './observable-fact.ts';

export interface RuledCheck {
  readonly name: string;
  readonly row: string | null;
  /** Null of one that only prepares others. */
  readonly rule: Rule | null;
}

export interface LoadLimits {
  readonly ratePerSecond: number;
  readonly latencyMs: number;
  /** From 0 to 1. */
  readonly errorRate: number;
}

/** By how strict the system is. */
export const loadLimitsOf: Readonly<Record<'critical' | 'standard', LoadLimits>> = {
  critical: { ratePerSecond: 1_000, latencyMs: 100, errorRate: 0 },
  standard: { ratePerSecond: 1_000, latencyMs: 200, errorRate: 0.0001 },
};

export function findingLimitsKept(checks: readonly RuledCheck[]): Observation {
  const looked = checks.flatMap(({ name, row, rule }) => {
    const findings = findingsAskedBy(rule);
    if (!findings) return [];
    const isOfPackages = rule?.subject === 'components' || findings.covered.unit === 'package';
    const isOfVulnerabilities = isOfPackages || isOneOf(VULNERABILITY_ROWS, row);
    return [{ name, rule: findings, levelMax: isOfVulnerabilities ? 'low' : 'medium' } as const];
  });
  const loose = looked.flatMap(({ name, rule, levelMax }) => [
    ...looserLevel(name, rule.level, levelMax),
    ...looserCounts(name, rule),
  ]);
  return observation('findings', looked, loose);
}

/** A vulnerability that is known counts however slight it is; what a linter only notes does not. */
function looserLevel(name: string, level: Level, levelMax: Level): readonly string[] {
  if (isAtLeast(levelMax, level)) return [];
  return [`${name} puts up with all below ${level}, not only below ${levelMax}`];
}

function looserCounts(
  name: string,
  { findingsMax, suppressedMax, exceptStable }: FindingsRule,
): readonly string[] {
  return [
    ...(findingsMax > 0 ? [`${name} puts up with ${showNumber(findingsMax)}`] : []),
    ...(suppressedMax > 0 ? [`${name} lets its tool suppress ${showNumber(suppressedMax)}`] : []),
    ...(exceptStable ? [`${name} does not count those of the stable release`] : []),
  ];
}

/** Lines of the protocol that are about vulnerabilities: a list of components alone passes, and says nothing of them. */
const VULNERABILITY_ROWS = ['V3', 'V8'];

export function vulnerabilitiesJudged(checks: readonly RuledCheck[]): Observation {
  const rows = VULNERABILITY_ROWS.map((row) => ({
    row,
    fulfilledBy: checks.filter((check) => check.row === row),
  })).filter(({ fulfilledBy }) => fulfilledBy.length > 0);
  const silent = rows
    .filter(({ fulfilledBy }) => !fulfilledBy.some(({ rule }) => findingsAskedBy(rule)))
    .map(({ row }) => `no check of ${row} judges vulnerabilities`);
  return observation(
    'vulnerabilities',
    rows.flatMap(({ fulfilledBy }) => fulfilledBy),
    silent,
  );
}

/** What looks at a system from outside asks it something. */
export function testedByTools(checks: readonly RuledCheck[]): Observation {
  const looked = checks.filter(({ row }) => row === 'V9');
  const isScanned = looked.some(({ rule }) => findingsAskedBy(rule)?.covered.unit === 'request');
  const none = 'no check of V9 reads what a scanner found that sends requests, as wapiti does';
  return observation('V9', looked, isScanned ? [] : [none]);
}

const YEAR_DAYS = 366;
const DAY_MS = 86_400_000;

/** What scanners find is no penetration test: that people do, and sign. Of a system of long ago it says nothing. */
export function testedByPeople(checks: readonly RuledCheck[]): Observation {
  const looked = checks.filter(({ row }) => row === 'V9');
  const signed = looked.flatMap(({ name, rule }) =>
    rule?.subject === 'signed' ? [{ name, days: rule.ageMaxMs / DAY_MS }] : [],
  );
  if (signed.some(({ days }) => days <= YEAR_DAYS)) return observation('V9', looked, []);
  const scans = 'automated DAST alone: no check of V9 reads a report that a person has signed';
  const old = signed.map(
    ({ name, days }) => `${name} lets its report be ${showNumber(days)} days old, not ${YEAR_DAYS}`,
  );
  return observation('V9', looked, signed.length > 0 ? old : [scans]);
}

function isOneOf(rows: readonly string[], row: string | null): boolean {
  return row !== null && rows.includes(row);
}

/** Null of one that asks for none. */
function findingsAskedBy(rule: Rule | null): FindingsRule | null {
  if (rule?.subject === 'findings') return rule;
  return rule?.subject === 'components' ? rule.vulnerabilities : null;
}

export function controlLimitsKept(checks: readonly RuledCheck[]): Observation {
  const looked = checks.flatMap(({ name, rule }) =>
    rule?.subject === 'controls' ? [{ name, rule }] : [],
  );
  const loose = looked.flatMap(({ name, rule: { level, notCheckedMax, waivedMax } }) => [
    ...(level === 'note' ? [] : [`${name} puts up with failures below ${level}`]),
    ...(waivedMax > 0 ? [`${name} lets its tool leave out ${showNumber(waivedMax)}`] : []),
    ...(notCheckedMax > 0 ? [`${name} leaves ${showNumber(notCheckedMax)} unchecked`] : []),
  ]);
  return observation('controls', looked, loose);
}

export function loadLimitsKept(checks: readonly RuledCheck[], limits: LoadLimits): Observation {
  const looked = checks.flatMap(({ name, rule }) =>
    rule?.subject === 'load' ? [{ name, rule }] : [],
  );
  const loose = looked.flatMap(({ name, rule }) =>
    looser(rule, limits).map((what) => `${name} ${what}`),
  );
  return observation('load', looked, loose);
}

function looser({ rateMin, latency, errorRateMax }: LoadRule, limits: LoadLimits): string[] {
  const { ratePerSecond, latencyMs, errorRate } = limits;
  return [
    ...(rateMin < ratePerSecond
      ? [`asks for ${showNumber(rateMin)} a second, not ${showNumber(ratePerSecond)}`]
      : []),
    ...(latency.maxMs > latencyMs
      ? [`allows ${showDuration(latency.maxMs)}, not ${showDuration(latencyMs)}`]
      : []),
    ...(isBelow95(latency.quantile) ? [`looks at ${latency.quantile}, not p95`] : []),
    ...(errorRateMax > errorRate
      ? [`allows ${percent(errorRateMax)} of failures, not ${percent(errorRate)}`]
      : []),
  ];
}

function isBelow95(quantile: string): boolean {
  return quantile !== 'max' && Number(quantile.slice(1)) < 95;
}

function percent(share: number): string {
  return `${showNumber(share * 100)} %`;
}

function observation(
  what: string,
  looked: readonly { readonly name: string }[],
  loose: readonly string[],
): Observation {
  if (looked.length === 0) {
    return { state: 'unknown', observed: `no check of ${what} is declared` };
  }
  if (loose.length > 0) return { state: 'broken', observed: loose.join('; ') };
  const names = looked.map(({ name }) => name).join(', ');
  return { state: 'holds', observed: `as the protocol asks, of ${names}` };
}
