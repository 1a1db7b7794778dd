/** How a test case ended, by what stands in it and by what it says itself. */
import type { TestResult } from '../../../core/validation/fact.ts';
import type { Holder } from './holder.ts';
import type { TellingAttributes } from './telling-attributes.ts';

export interface CaseOutcome {
  /** Unknown: it says so in a word that nobody knows. */
  readonly outcome: TestResult['outcome'] | 'unknown';
  readonly message: string | null;
  /** What its suite may count it as: one case may have failed or been skipped in several parts. */
  readonly shown: { readonly failed: number; readonly skipped: number };
}

export function outcomeOf(
  attributes: TellingAttributes,
  { bad, skips, message: why, strange }: Pick<Holder, 'bad' | 'skips' | 'message' | 'strange'>,
): CaseOutcome {
  if (bad > 0) return { outcome: 'failed', message: why, shown: { failed: bad, skipped: skips } };
  const told = saysItself(attributes);
  if (told === 'failed') {
    const message = `It says that it has ${wordsOf(attributes)[0] ?? 'failed'}.`;
    return { outcome: 'failed', message, shown: { failed: 1, skipped: skips } };
  }
  if (skips > 0 || told === 'skipped') {
    const shown = { failed: 0, skipped: Math.max(1, skips) };
    return { outcome: 'skipped', message: null, shown };
  }
  const shown = { failed: 0, skipped: 0 };
  if (told === 'unknown') {
    const message = `it says "${wordsOf(attributes).join(', ')}" of itself`;
    return { outcome: 'unknown', message, shown };
  }
  if (strange !== null) {
    const message = `nobody knows what its element ${strange} says, and its suite counts no failures`;
    return { outcome: 'unknown', message, shown };
  }
  return { outcome: 'passed', message: null, shown };
}

/** Attributes that JUnit itself does not have: of Google Test, CTest, Ginkgo, behave, Maestro, NUnit and others. */
function saysItself(attributes: TellingAttributes): CaseOutcome['outcome'] {
  const said = wordsOf(attributes).map(meaningOf);
  if (isTrue(attributes.disabled) || isTrue(attributes.skipped)) said.push('skipped');
  if (isFalse(attributes.success) || isFalse(attributes.passed)) said.push('failed');
  if (isFalse(attributes.executed)) said.push('skipped');
  return worstOf(said);
}

/** The same of a suite, of which other attributes are counts. */
export function suiteSays(attributes: TellingAttributes): CaseOutcome['outcome'] {
  const said = wordsOf(attributes).map(meaningOf);
  if (/^(?:false|no)$/i.test(attributes.success ?? '')) said.push('failed');
  if (/^(?:false|no)$/i.test(attributes.executed ?? '')) said.push('skipped');
  return worstOf(said);
}

function wordsOf(attributes: TellingAttributes): readonly string[] {
  return (['status', 'result', 'outcome'] as const).flatMap((name) => attributes[name] ?? []);
}

function worstOf(said: readonly CaseOutcome['outcome'][]): CaseOutcome['outcome'] {
  return (
    (['failed', 'unknown', 'skipped'] as const).find((each) => said.includes(each)) ?? 'passed'
  );
}

function isTrue(word: string | undefined): boolean {
  return /^(?:true|yes|1)$/i.test(word ?? '');
}

function isFalse(word: string | undefined): boolean {
  return /^(?:false|no|0)$/i.test(word ?? '');
}

function meaningOf(word: string): CaseOutcome['outcome'] {
  const plain = word.toLowerCase().replaceAll(/[^a-z]/g, '');
  if (PASSED.has(plain)) return 'passed';
  if (NOT_RUN.has(plain)) return 'skipped';
  return FAILED.has(plain) ? 'failed' : 'unknown';
}

const PASSED: ReadonlySet<string> = new Set([
  ...['', 'run', 'completed', 'executed', 'finished', 'done'],
  ...['pass', 'passed', 'success', 'successful', 'succeeded', 'ok', 'fixed'],
]);

const NOT_RUN: ReadonlySet<string> = new Set([
  ...['notrun', 'notexecuted', 'untested', 'undefined', 'suppressed'],
  ...['skip', 'skipped', 'disabled', 'ignored', 'pending', 'todo'],
]);

const FAILED: ReadonlySet<string> = new Set([
  ...['fail', 'failed', 'failure', 'error', 'errored', 'broken', 'regression', 'panicked'],
  ...['crashed', 'aborted', 'interrupted', 'timedout', 'timeout', 'canceled', 'cancelled'],
]);
