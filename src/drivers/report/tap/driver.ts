/** Report `tap`: results of tests in the Test Anything Protocol, versions 12 to 14, with subtests. */
import { lineType, Parser, type Result } from 'tap-parser';
import { z } from 'zod';
import { operationalError, type OperationalError } from '../../../core/operational-error.ts';
import { testsAsked } from '../../../core/validation/asked/tests-asked.ts';
import type { Fact, TestResult } from '../../../core/validation/fact.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { forgetful } from './forgetful.ts';
import { textLines } from './text-lines.ts';

export const tapReport = reportDriver({
  id: 'tap',
  summary: 'Results of tests in the Test Anything Protocol.',
  asks: testsAsked,
  read: readTap,
});

/** The parser remembers the number of each test. */
const BYTES_MAX = 16 * 1024 * 1024;

async function* readTap(source: ReportSource): AsyncGenerator<Fact> {
  if (source.bytes > BYTES_MAX) throw invalid(`It is longer than ${BYTES_MAX} bytes`);
  const parser = new Parser();
  forgetful(parser);
  const read = listenTo(parser);
  for await (const whole of textLines(source.chunks())) {
    const line = `${whole.replace(/\r$/, '').replaceAll(OTHER_LINE_ENDS, ' ')}\n`;
    if (saysNothing(line) && !parser.strict) continue;
    parser.write(line);
    refuseHeap(read, line);
    yield* read.tests.splice(0);
  }
  parser.end();
  yield* read.tests.splice(0);
  if (parser.syntheticPlan) throw invalid('There is no test and no plan in it');
  for (const message of [...read.faults, ...faultsOf(parser, read.failed)]) {
    yield { kind: 'incomplete', message };
  }
}

/** To the parser the text behind them is lost. */
const OTHER_LINE_ENDS = /[\r\u2028\u2029]/g;

/** What tests have printed, at the left edge: within a diagnosis or another test it stands further in. */
function saysNothing(line: string): boolean {
  if (/^[\s{}]/.test(line)) return false;
  const type = lineType(line)?.[0];
  return type === undefined || type === 'comment';
}

/** The parser keeps all that stands between two tests, and some of it takes it ever longer. */
const LINES_MAX = 20_000;
const CHARACTERS_MAX = 4 * 1024 * 1024;

function refuseHeap(read: Read, line: string): void {
  read.lines += 1;
  read.characters += line.length;
  if (read.lines <= LINES_MAX && read.characters <= CHARACTERS_MAX) return;
  throw operationalError(
    'report-invalid',
    `There are more than ${LINES_MAX} lines, or ${CHARACTERS_MAX} characters, between two tests.`,
  );
}

interface Read {
  /** Those that have ended since they were taken. */
  readonly tests: Fact[];
  readonly faults: string[];
  failed: number;
  /** Since the last test. */
  lines: number;
  characters: number;
}

function listenTo(parser: Parser): Read {
  const read: Read = { tests: [], faults: [], failed: 0, lines: 0, characters: 0 };
  // Of tests themselves, not of points that only sum up subtests.
  parser.on('result', (result: Result) => {
    read.lines = 0;
    read.characters = 0;
    if (isEmptySuite(result)) return;
    const test = testOf(result);
    if (test.outcome === 'failed') read.failed += 1;
    read.tests.push({ kind: 'test', ...test });
  });
  parser.on('bailout', (reason: string) => read.faults.push(`It bailed out: ${reason}`));
  parser.on('extra', (text: string) => {
    const lost = text
      .split('\n')
      .find((line) => MEANT.has(lineType(`${line.trim()}\n`)?.[0] ?? ''));
    if (lost !== undefined) read.faults.push(`"${lost.trim()}" stands where nothing is read`);
  });
  return read;
}

/** What is no part of the report when it stands behind its end, as in two reports in one file. */
const MEANT: ReadonlySet<string> = new Set(['testPoint', 'plan', 'version', 'bailout']);

/** Node writes a point for each; with tests in it, it is summed up. */
function isEmptySuite({ ok, skip, todo, diag }: Result): boolean {
  return ok && skip === false && todo === false && diagnosisOf(diag).type === 'suite';
}

function testOf({ ok, skip, todo, diag, fullname, name }: Result): TestResult {
  const isSkipped = skip !== false || todo !== false;
  const outcome = isSkipped ? 'skipped' : ok ? 'passed' : 'failed';
  const { error, message = error } = diagnosisOf(diag);
  return {
    name: (fullname === '' ? name : fullname).replaceAll(' > ', ' › '),
    outcome,
    message: outcome === 'failed' ? (message?.split('\n')[0] ?? null) : null,
  };
}

const diagnosisSchema = z
  .object({
    type: z.string().optional().catch(undefined),
    error: z.string().optional().catch(undefined),
    message: z.string().optional().catch(undefined),
  })
  .catch({});

/** Tests may write there whatever they like. */
function diagnosisOf(diag: unknown): z.output<typeof diagnosisSchema> {
  return diagnosisSchema.parse(diag);
}

/** Why the parser does not hold it for good, where no test says so. */
function faultsOf({ results }: Parser, failed: number): readonly string[] {
  if (!results || results.ok || results.bailout !== false) return [];
  const told = results.failures.flatMap(({ tapError }) => tapError ?? []);
  if (told.length > 0) return [...new Set(told)].map((fault) => `The plan is not kept: ${fault}`);
  return failed > 0 ? [] : ['The plan of a subtest is not kept'];
}

function invalid(what: string): OperationalError {
  return operationalError('report-invalid', `${what}: it is no TAP.`);
}
