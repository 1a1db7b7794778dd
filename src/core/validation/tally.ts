/** All that a rule asks of a report, counted fact by fact. It grows in place, and never by more than a few examples. */
import type {
  Component,
  ControlOutcome,
  ControlResult,
  CoverageMetric,
  CoveredUnit,
  Fact,
  Finding,
  LoadResult,
  MetricSample,
  SignedStatement,
  StressResult,
  TestResult,
} from './fact.ts';
import type { ExcuseOf } from './first-excuse.ts';
import { isAtLeast, type Level } from './level.ts';
import { withoutBait } from './without-bait.ts';

export interface Tally {
  tool: { readonly name: string; readonly version: string | null } | null;
  readonly covered: Partial<Record<CoveredUnit, number>>;
  readonly findings: Record<Level, number>;
  /** Of those that the tool was told to put up with, and nobody else excuses. */
  readonly suppressed: Record<Level, number>;
  /** Of findings that are put up with, and of those that are no longer, how many, by why. */
  readonly excused: Map<string, number>;
  /** The first of the worst, worst first. */
  readonly worst: Finding[];
  /** Paths of what was planted and found. */
  readonly bait: Set<string>;
  readonly tests: Record<TestResult['outcome'], number>;
  readonly failedTests: TestResult[];
  readonly coverage: Partial<Record<CoverageMetric, Share>>;
  components: number;
  /** By what they say of their licences, in the order in which they came; '' of those that say nothing. */
  readonly licences: Map<string, LicenceCount>;
  readonly controls: Record<ControlOutcome, number>;
  /** Those that failed, by how bad that is. */
  readonly failedControls: Record<Level, number>;
  /** The first of the worst of those that failed or could not be found out, worst first. */
  readonly controlExamples: ControlResult[];
  readonly loads: LoadResult[];
  readonly stresses: StressResult[];
  readonly metrics: MetricSample[];
  readonly statements: SignedStatement[];
  /** The oldest. */
  database: { readonly name: string; readonly builtAtMs: number } | null;
  /** The first. */
  expiry: { readonly what: string; readonly atMs: number } | null;
  readonly incomplete: string[];
  /** Whether it tells of anything that is not as it should be, also of what is planted or put up with. */
  hasFault: boolean;
}

export interface Share {
  readonly covered: number;
  readonly total: number;
}

export interface LicenceCount {
  readonly count: number;
  /** The first that has it. */
  readonly example: Component;
}

/** What stands around a report while it is counted. */
export interface Counting {
  /** Paths of what was hidden for the tool to find, which counts as no finding. */
  readonly planted: readonly string[];
  /** How bad it must be found to be at least. */
  readonly baitLevel: Level;
  /** Whether a finding is put up with; null when nobody meant to. */
  readonly excuseOf: ExcuseOf;
}

const EXAMPLES_MAX = 20;
/** So many kinds of licences and series no honest report has. */
const DISTINCT_MAX = 20_000;
export const plainly: Counting = { planted: [], baitLevel: 'note', excuseOf: () => null };

export function newTally(): Tally {
  return {
    tool: null,
    covered: {},
    findings: noneOfAnyLevel(),
    suppressed: noneOfAnyLevel(),
    excused: new Map(),
    worst: [],
    bait: new Set(),
    tests: { passed: 0, failed: 0, skipped: 0 },
    failedTests: [],
    coverage: {},
    components: 0,
    licences: new Map(),
    controls: {
      ...{ passed: 0, failed: 0, error: 0 },
      ...{ 'not-applicable': 0, 'not-checked': 0, waived: 0 },
    },
    failedControls: noneOfAnyLevel(),
    controlExamples: [],
    loads: [],
    stresses: [],
    metrics: [],
    statements: [],
    database: null,
    expiry: null,
    incomplete: [],
    hasFault: false,
  };
}

function noneOfAnyLevel(): Record<Level, number> {
  return { note: 0, low: 0, medium: 0, high: 0, critical: 0 };
}

export function addFact(tally: Tally, fact: Fact, counting: Counting = plainly): void {
  switch (fact.kind) {
    case 'tool':
      tally.tool ??= { name: fact.name, version: fact.version };
      return;
    case 'covered':
      tally.covered[fact.unit] = (tally.covered[fact.unit] ?? 0) + fact.count;
      return;
    case 'finding':
      addFinding(tally, fact, counting);
      return;
    case 'test':
      tally.tests[fact.outcome] += 1;
      if (fact.outcome === 'failed') {
        tally.hasFault = true;
        keep(tally.failedTests, fact);
      }
      return;
    case 'coverage': {
      const before = tally.coverage[fact.metric] ?? { covered: 0, total: 0 };
      tally.coverage[fact.metric] = {
        covered: before.covered + fact.covered,
        total: before.total + fact.total,
      };
      return;
    }
    case 'component':
      addComponent(tally, fact);
      return;
    case 'control':
      addControl(tally, fact);
      return;
    case 'load':
      keepAll(tally, tally.loads, fact);
      return;
    case 'stress':
      keepAll(tally, tally.stresses, fact);
      return;
    case 'metric':
      if (tally.metrics.length < DISTINCT_MAX) tally.metrics.push(fact);
      else keep(tally.incomplete, `there are more than ${DISTINCT_MAX} series`);
      return;
    case 'statement':
      keepAll(tally, tally.statements, fact);
      return;
    case 'database':
      if (!tally.database || fact.builtAtMs < tally.database.builtAtMs) {
        tally.database = { name: fact.name, builtAtMs: fact.builtAtMs };
      }
      return;
    case 'expiry':
      if (!tally.expiry || fact.atMs < tally.expiry.atMs) {
        tally.expiry = { what: fact.what, atMs: fact.atMs };
      }
      return;
    case 'incomplete':
      keep(tally.incomplete, fact.message);
  }
}

function addFinding(
  tally: Tally,
  finding: Finding,
  { planted, baitLevel, excuseOf }: Counting,
): void {
  const { baits, elsewhere } = withoutBait(finding, planted);
  tally.hasFault = true;
  // Told to look away from it, or to think little of it, a tool has not shown what it would do otherwise.
  if (!finding.isSuppressed && isAtLeast(finding.level, baitLevel)) {
    for (const bait of baits) tally.bait.add(bait);
  }
  if (elsewhere === null) return;
  const excuse = excuseOf(elsewhere);
  if (excuse) {
    tally.excused.set(excuse.why, (tally.excused.get(excuse.why) ?? 0) + 1);
    if (excuse.isValid) return;
  }
  if (elsewhere.isSuppressed) {
    tally.suppressed[elsewhere.level] += 1;
    return;
  }
  tally.findings[elsewhere.level] += 1;
  keepWorst(tally.worst, elsewhere);
}

function addComponent(tally: Tally, component: Component): void {
  tally.components += 1;
  const licences = component.licences.length > 0 ? component.licences : [''];
  for (const licence of licences) {
    const before = tally.licences.get(licence);
    if (!before && tally.licences.size >= DISTINCT_MAX) {
      keep(tally.incomplete, `there are more than ${DISTINCT_MAX} kinds of licences`);
      return;
    }
    const { count, example } = before ?? { count: 0, example: component };
    tally.licences.set(licence, { count: count + 1, example });
  }
}

function addControl(tally: Tally, control: ControlResult): void {
  tally.controls[control.outcome] += 1;
  if (FAULTY.has(control.outcome)) tally.hasFault = true;
  if (control.outcome === 'failed') tally.failedControls[control.level] += 1;
  if (control.outcome === 'failed' || control.outcome === 'error') {
    keepWorst(tally.controlExamples, control);
  }
}

/** What nobody looked at is none: a tool that broke leaves such, too. */
const FAULTY: ReadonlySet<ControlOutcome> = new Set(['failed', 'error', 'waived']);

/** What is judged one by one is either all there or not whole. */
function keepAll<Part>(tally: Tally, parts: Part[], part: Part): void {
  if (parts.length < EXAMPLES_MAX) parts.push(part);
  else keep(tally.incomplete, `there are more than ${EXAMPLES_MAX} results`);
}

function keep<Example>(examples: Example[], example: Example): void {
  if (examples.length < EXAMPLES_MAX) examples.push(example);
}

function keepWorst<Example extends { readonly level: Level }>(
  examples: Example[],
  example: Example,
): void {
  const at = examples.findIndex(({ level }) => !isAtLeast(level, example.level));
  if (at >= 0) examples.splice(at, 0, example);
  else keep(examples, example);
  if (examples.length > EXAMPLES_MAX) examples.pop();
}
