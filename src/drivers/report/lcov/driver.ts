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
type Section = Record<CoverageMetric, { covered: number; total: number }>;

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
  return {
    lines: { covered: 0, total: 0 },
    branches: { covered: 0, total: 0 },
    functions: { covered: 0, total: 0 },
  };
}

/** What is listed counts, not what a tool says that it comes to. */
function count(section: Section, key: string, value: string, line: number): void {
  switch (key) {
    case 'DA':
      add(section.lines, value.split(',')[1], line);
      break;
    case 'BRDA':
      add(section.branches, value.split(',')[3], line);
      break;
    case 'FNDA':
      add(section.functions, value.split(',')[0], line);
  }
}

function add(share: Section['lines'], hits: string | undefined, line: number): void {
  // A branch of a line that never ran has no number.
  if (hits === undefined || !/^(?:-|\d+)$/.test(hits)) throw invalid('a count is missing', line);
  share.total += 1;
  if (Number(hits) > 0) share.covered += 1;
}

function* factsOf(section: Section): Generator<Fact> {
  for (const [metric, share] of Object.entries(section)) {
    yield { kind: 'coverage', metric: metric as CoverageMetric, ...share };
  }
}

function invalid(what: string, line: number): OperationalError {
  return operationalError('report-invalid', `It is no LCOV tracefile: ${what}, in line ${line}.`);
}
