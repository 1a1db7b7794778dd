/** Report `lcov`: which lines, branches and functions tests have reached, in LCOV's tracefile. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { operationalError, type OperationalError } from '../../../core/operational-error.ts';
import { coverageAsked } from '../../../core/validation/asked/coverage-asked.ts';
import type { CoverageMetric, Fact } from '../../../core/validation/fact.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const lcovReport = reportDriver({
  id: 'lcov',
  summary: "Coverage by tests in LCOV's tracefile.",
  asks: coverageAsked,
  read: readLcov,
});

/** Of one source file. */
interface Section {
  readonly shares: Record<CoverageMetric, { covered: number; total: number }>;
  /** Since LCOV 2.2 functions have numbers, and each of them any count of names: whether one of these was run. */
  readonly functions: Map<string, boolean>;
}

async function* readLcov(source: ReportSource): AsyncGenerator<Fact> {
  let section: Section | null = null;
  let number = 0;
  for await (const line of createInterface({ input: Readable.from(source.chunks()) })) {
    number += 1;
    const [, key = '', value = ''] = LINE.exec(line.trim()) ?? [];
    if (line.trim() === '' || key === 'TN') continue;
    if (key === 'SF') {
      if (section) throw invalid('a file begins within another', number);
      section = newSection();
    } else if (key === 'end_of_record') {
      if (!section) throw invalid('a file ends that has not begun', number);
      yield* factsOf(section);
      section = null;
    } else if (section && key !== '') count(section, key, value, number);
    else throw invalid(`"${line.slice(0, 40)}" is no part of a tracefile`, number);
  }
  if (section) throw invalid('it is cut off: a file has no end_of_record', number);
  if (number === 0) throw invalid('it is empty', number);
}

const LINE =
  /^(SF|TN|VER|FN|FNDA|FNL|FNA|FNF|FNH|DA|LF|LH|BRDA|BRF|BRH|MCDC|MCF|MCH|end_of_record)(?::(.*))?$/;
function newSection(): Section {
  const shares = {
    lines: { covered: 0, total: 0 },
    branches: { covered: 0, total: 0 },
    functions: { covered: 0, total: 0 },
  };
  return { shares, functions: new Map() };
}

/** What is listed counts, not what a tool says that it comes to. */
function count({ shares, functions }: Section, key: string, value: string, line: number): void {
  const [first = '', second, , fourth] = value.split(',');
  switch (key) {
    case 'DA':
      add(shares.lines, wasHit(second, line));
      break;
    case 'BRDA':
      add(shares.branches, wasHit(fourth, line));
      break;
    case 'FNDA':
      add(shares.functions, wasHit(first, line));
      break;
    case 'FNL':
      functions.set(first, functions.get(first) ?? false);
      break;
    case 'FNA':
      functions.set(first, wasHit(second, line) || functions.get(first) === true);
  }
}

function wasHit(hits: string | undefined, line: number): boolean {
  // A branch of a line that never ran has no number.
  if (hits === undefined || !/^(?:-|\d+)$/.test(hits)) throw invalid('a count is missing', line);
  return Number(hits) > 0;
}

function add(share: Section['shares']['lines'], isCovered: boolean): void {
  share.total += 1;
  if (isCovered) share.covered += 1;
}

function* factsOf({ shares, functions }: Section): Generator<Fact> {
  for (const isCovered of functions.values()) add(shares.functions, isCovered);
  for (const [metric, share] of Object.entries(shares)) {
    yield { kind: 'coverage', metric: metric as CoverageMetric, ...share };
  }
}

function invalid(what: string, line: number): OperationalError {
  return operationalError('report-invalid', `It is no LCOV tracefile: ${what}, in line ${line}.`);
}
