/** All that a rule asks of a report, counted fact by fact. It grows in place, and never by more than a few examples. */
import type { CoverageMetric, CoveredUnit, Fact, Finding, TestResult } from './fact.ts';
import { isAtLeast, type Level } from './level.ts';

export interface Tally {
  tool: { readonly name: string; readonly version: string | null } | null;
  readonly covered: Partial<Record<CoveredUnit, number>>;
  readonly findings: Record<Level, number>;
  suppressed: number;
  /** The first of the worst, worst first. */
  readonly worst: Finding[];
  /** Paths of what was planted and found. */
  readonly bait: Set<string>;
  readonly tests: Record<TestResult['outcome'], number>;
  readonly failedTests: TestResult[];
  readonly coverage: Partial<Record<CoverageMetric, Share>>;
  readonly incomplete: string[];
}

export interface Share {
  readonly covered: number;
  readonly total: number;
}

const EXAMPLES_MAX = 20;

export function newTally(): Tally {
  return {
    tool: null,
    covered: {},
    findings: { note: 0, low: 0, medium: 0, high: 0, critical: 0 },
    suppressed: 0,
    worst: [],
    bait: new Set(),
    tests: { passed: 0, failed: 0, skipped: 0 },
    failedTests: [],
    coverage: {},
    incomplete: [],
  };
}

/** `planted`: paths of what was hidden for the tool to find, which counts as no finding. */
export function addFact(tally: Tally, fact: Fact, planted: readonly string[] = []): void {
  switch (fact.kind) {
    case 'tool':
      tally.tool ??= { name: fact.name, version: fact.version };
      return;
    case 'covered':
      tally.covered[fact.unit] = (tally.covered[fact.unit] ?? 0) + fact.count;
      return;
    case 'finding':
      addFinding(tally, fact, planted);
      return;
    case 'test':
      tally.tests[fact.outcome] += 1;
      if (fact.outcome === 'failed') keep(tally.failedTests, fact);
      return;
    case 'coverage': {
      const before = tally.coverage[fact.metric] ?? { covered: 0, total: 0 };
      tally.coverage[fact.metric] = {
        covered: before.covered + fact.covered,
        total: before.total + fact.total,
      };
      return;
    }
    case 'incomplete':
      keep(tally.incomplete, fact.message);
  }
}

function addFinding(tally: Tally, finding: Finding, planted: readonly string[]): void {
  const bait = planted.find((path) => finding.place?.includes(path));
  if (bait !== undefined) {
    tally.bait.add(bait);
    return;
  }
  if (finding.isSuppressed) {
    tally.suppressed += 1;
    return;
  }
  tally.findings[finding.level] += 1;
  const { worst } = tally;
  const at = worst.findIndex(({ level }) => !isAtLeast(level, finding.level));
  if (at >= 0) worst.splice(at, 0, finding);
  else if (worst.length < EXAMPLES_MAX) worst.push(finding);
  if (worst.length > EXAMPLES_MAX) worst.pop();
}

function keep<Example>(examples: Example[], example: Example): void {
  if (examples.length < EXAMPLES_MAX) examples.push(example);
}
