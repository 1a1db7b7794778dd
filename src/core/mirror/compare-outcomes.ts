/** What differs between what one instance made of a request and what another made of the same one. */
import { compareJson } from './compare-json.ts';
import type { MirroredOutcome, ReducedAnswer, ReducedBody } from './reduced-answer.ts';

export interface Difference {
  /** `status`, `header vary`, `body`, or a path into a JSON body: `/articles` with `/words`. */
  readonly place: string;
  /** What was found for what: `500 for 200`, `string for number`, `missing`. No value of a body. */
  readonly told: string;
  /** Something that was not there before, which is told and not held against a release. */
  readonly isAddition: boolean;
}

const TOLD_LENGTH_MAX = 120;
/** Headers whose values are nobody's secret. */
const TOLD_HEADERS: readonly string[] = [
  'content-type',
  'content-encoding',
  'cache-control',
  'vary',
];

/** Each place once; empty for outcomes that are the same to a client. */
export function compareOutcomes(
  expected: MirroredOutcome,
  actual: MirroredOutcome,
  ignore: readonly string[],
): readonly Difference[] {
  const found = new Map<string, Difference>();
  const note = (place: string, told: string, isAddition = false): void => {
    const short = told.slice(0, TOLD_LENGTH_MAX);
    found.set(`${place} ${short}`, { place, told: short, isAddition });
  };
  const [wanted, got] = [statusTextOf(expected), statusTextOf(actual)];
  // What follows from another status is not another difference.
  if (wanted !== got) note('status', `${got} for ${wanted}`);
  else if (expected.kind === 'answered' && actual.kind === 'answered') {
    compareHeaders(expected.answer, actual.answer, note);
    compareBodies([expected.answer.body, actual.answer.body], ignore, note);
  }
  return [...found.values()];
}

function statusTextOf(outcome: MirroredOutcome): string {
  return outcome.kind === 'answered'
    ? String(outcome.answer.status)
    : `no answer (${outcome.kind})`;
}

type Note = (place: string, told: string, isAddition?: boolean) => void;

function compareHeaders(expected: ReducedAnswer, actual: ReducedAnswer, note: Note): void {
  for (const name of new Set([...Object.keys(expected.headers), ...Object.keys(actual.headers)])) {
    const [wanted, got] = [expected.headers[name], actual.headers[name]];
    if (wanted !== got) note(`header ${name}`, headerTold(name, wanted, got));
  }
}

function headerTold(name: string, wanted: string | undefined, got: string | undefined): string {
  if (got === undefined) return 'missing';
  if (wanted === undefined) return 'not there before';
  return TOLD_HEADERS.includes(name) ? `${got} for ${wanted}` : 'another value';
}

function compareBodies(
  [expected, actual]: readonly [ReducedBody, ReducedBody],
  ignore: readonly string[],
  note: Note,
): void {
  if (expected.kind !== actual.kind) {
    note('body', `${actual.kind} for ${expected.kind}`);
  } else if (expected.kind === 'JSON' && actual.kind === 'JSON') {
    compareTexts(expected.text, actual.text, ignore, note);
  } else if (expected.kind === 'binary' && actual.kind === 'binary') {
    if (expected.digest !== actual.digest) note('body', 'other content');
  }
}

function compareTexts(expected: string, actual: string, ignore: readonly string[], note: Note) {
  if (expected === actual) return;
  const [wanted, got] = [parsed(expected), parsed(actual)];
  if (wanted === null || got === null) {
    const words = (value: unknown): string => (value === null ? 'broken JSON' : 'JSON');
    note('body', wanted === got ? 'other broken JSON' : `${words(got)} for ${words(wanted)}`);
    return;
  }
  compareJson(wanted.value, got.value, {
    ignore,
    note: (place, told, kind) => note(place, told, kind === 'added'),
  });
}

function parsed(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // An instance that says JSON and sends something else: that is what is found.
    return null;
  }
}
