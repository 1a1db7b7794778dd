import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { aJsonOutcome, anOutcome } from '../../../test/support/core/mirror-builder.ts';
import { compareOutcomes } from './compare-outcomes.ts';
import { reduceAnswer, type MirroredOutcome, type RawAnswer } from './reduced-answer.ts';

test('an answer does not differ from itself', () => {
  fc.assert(
    fc.property(anyOutcome(), (outcome) => {
      assert.deepEqual(compareOutcomes(outcome, structuredClone(outcome), []), []);
    }),
  );
});

test('another status is found whatever the rest of the answers is, and is all that is told', () => {
  fc.assert(
    fc.property(anyOutcome(), anyOutcome(), (expected, actual) => {
      fc.pre(statusOf(expected) !== statusOf(actual));

      const places = compareOutcomes(expected, actual, []).map(({ place }) => place);

      assert.deepEqual(places, ['status']);
    }),
  );
});

test('a difference tells places and types, and no value of a body', () => {
  const before = { reader: { name: 'Grace Hopper', age: 85, active: true }, tags: ['navy'] };
  const after = { reader: { name: 'Ada Lovelace', age: '36', active: null }, tags: [] };

  const found = compareOutcomes(aJsonOutcome(before), aJsonOutcome(after), []);

  assert.deepEqual(told(found), [
    '/reader/name: another string',
    '/reader/age: string for number',
    '/reader/active: null for boolean',
    '/tags: another length',
  ]);
});

test('elements of a list are one place, and keys that name one thing of many are another', () => {
  const before = {
    articles: [
      { id: 1, words: 10 },
      { id: 2, words: 20 },
    ],
    byReader: { '17': { seen: 1 }, 'grace@navy.mil': { seen: 2 } },
  };
  const after = {
    articles: [{ id: 1 }, { id: 2 }],
    byReader: { '17': { seen: 7 }, 'grace@navy.mil': { seen: 9 } },
  };

  const found = compareOutcomes(aJsonOutcome(before), aJsonOutcome(after), []);

  assert.deepEqual(told(found), ['/articles/*/words: missing', '/byReader/*/seen: another number']);
});

test('what is new in a body is an addition, and what is gone is a change', () => {
  const [before, after] = [aJsonOutcome({ title: 'News' }), aJsonOutcome({ tags: [] })];

  const found = compareOutcomes(before, after, []);

  assert.deepEqual(
    found.map(({ place, told: words, isAddition }) => [place, words, isAddition]),
    [
      ['/title', 'missing', false],
      ['/tags', 'added', true],
    ],
  );
});

test('what is to be ignored is left out with all below it', () => {
  const before = aJsonOutcome({ meta: { at: 1, by: { id: 2 } }, items: [{ id: 1, n: 1 }] });
  const after = aJsonOutcome({ meta: { at: 2, by: {} }, items: [{ id: 9, n: 2 }] });

  const found = compareOutcomes(before, after, ['/meta', '/items/*/id']);

  assert.deepEqual(told(found), ['/items/*/n: another number']);
});

test('a body that is no JSON although it says so is found', () => {
  const broken = anOutcome({ body: { kind: 'JSON', text: '{"title":' } });

  assert.deepEqual(told(compareOutcomes(anOutcome(), broken, [])), ['body: broken JSON for JSON']);
  assert.deepEqual(told(compareOutcomes(anOutcome(), anOutcome({ body: { kind: 'empty' } }), [])), [
    'body: empty for JSON',
  ]);
});

test('an answer that does not come is another status', () => {
  assert.deepEqual(told(compareOutcomes(anOutcome(), { kind: 'late' }, [])), [
    'status: no answer (late) for 200',
  ]);
  assert.deepEqual(compareOutcomes({ kind: 'late' }, { kind: 'late' }, []), []);
});

test('headers that mean the same are the same, and only the wanted ones are compared', () => {
  const wanted = ['vary', 'cache-control', 'set-cookie', 'location'];
  const [before, after] = [
    ['Vary', 'Accept, Cookie', 'Date', 'Monday', 'Set-Cookie', 'sid=secret; Path=/'],
    ['vary', 'cookie', 'vary', 'Accept', 'date', 'Tuesday', 'set-cookie', 'sid=other'],
  ];

  assert.deepEqual(compareHeaders(before, after, wanted), []);
  assert.deepEqual(
    compareHeaders(
      ['cache-control', 'no-store', 'set-cookie', 'sid=secret', 'location', '/readers/grace'],
      ['cache-control', 'public, max-age=60', 'location', '/readers/ada'],
      wanted,
    ),
    [
      'header cache-control: max-age=60, public for no-store',
      'header set-cookie: missing',
      'header location: another value',
    ],
  );
});

test('pages may change their words, pictures may not change their bytes', () => {
  const page = (text: string) => outcomeOf({ type: 'text/html', body: text });
  const picture = (text: string) => outcomeOf({ type: 'image/png', body: text });

  assert.deepEqual(compareOutcomes(page('<p>old'), page('<p>new'), []), []);
  assert.deepEqual(told(compareOutcomes(page('<p>old'), page(''), [])), ['body: empty for text']);
  assert.deepEqual(told(compareOutcomes(picture('old'), picture('new'), [])), [
    'body: other content',
  ]);
  assert.deepEqual(compareOutcomes(picture('old'), picture('old'), []), []);
});

function told(found: ReturnType<typeof compareOutcomes>): readonly string[] {
  return found.map(({ place, told: words }) => `${place}: ${words}`);
}

function compareHeaders(
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
  wanted: readonly string[],
): readonly string[] {
  const of = (headers: readonly string[] = []): MirroredOutcome => ({
    kind: 'answered',
    answer: reduceAnswer(aRawAnswer({ headers }), wanted),
  });
  return told(compareOutcomes(of(before), of(after), []));
}

function outcomeOf({ type, body }: { type: string; body: string }): MirroredOutcome {
  const raw = aRawAnswer({
    headers: ['content-type', type],
    body: Buffer.from(body),
    length: body.length,
  });
  return { kind: 'answered', answer: reduceAnswer(raw, []) };
}

function aRawAnswer(changes: Partial<RawAnswer>): RawAnswer {
  const body = Buffer.alloc(0);
  return { status: 200, headers: [], body, isWhole: true, length: 0, ...changes };
}

function statusOf(outcome: MirroredOutcome): string | number {
  return outcome.kind === 'answered' ? outcome.answer.status : outcome.kind;
}

function anyOutcome(): fc.Arbitrary<MirroredOutcome> {
  const body = fc.oneof(
    fc.constant({ kind: 'empty' } as const),
    fc.constant({ kind: 'text' } as const),
    fc.jsonValue().map((value) => ({ kind: 'JSON', text: JSON.stringify(value) }) as const),
    fc.string().map((text) => ({ kind: 'JSON', text }) as const),
    fc.string().map((digest) => ({ kind: 'binary', digest }) as const),
  );
  const answered = fc.record({
    kind: fc.constant('answered' as const),
    answer: fc.record({
      status: fc.constantFrom(200, 204, 304, 404, 500),
      headers: fc.dictionary(fc.constantFrom('vary', 'location'), fc.string()),
      body,
    }),
  });
  const none = fc.constantFrom('refused', 'reset', 'late').map((kind) => ({ kind }) as const);
  return fc.oneof({ weight: 4, arbitrary: answered }, none);
}
