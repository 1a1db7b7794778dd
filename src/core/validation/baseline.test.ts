import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { placesAt } from '../../../test/support/validation/places-at.ts';
import { addKnown, excusesKnown, type Baseline } from './baseline.ts';
import type { Finding } from './fact.ts';

function aFinding(changes: Partial<Finding> = {}): Finding {
  return {
    ...{
      rule: 'no-eval',
      level: 'high',
      message: 'eval is evil',
      places: placesAt('src/a.js:3:1'),
    },
    ...{ isSuppressed: false, ...changes },
  };
}

function aBaseline(findings: readonly Finding[]): Baseline {
  const known = new Map<string, number>();
  for (const finding of findings) addKnown(known, { kind: 'finding', ...finding });
  return { kind: 'found', release: '1.0', known, coverage: {} };
}

function isKnown(before: Finding, now: Finding): boolean {
  return excusesKnown(aBaseline([before]))(now) !== null;
}

test('a finding is the same wherever its line has moved to, and another one in another file or of another kind', () => {
  const before = aFinding();

  assert.ok(isKnown(before, aFinding({ places: placesAt('src/a.js:90') })));
  assert.ok(!isKnown(before, aFinding({ places: placesAt('src/b.js:3:1') })));
  assert.ok(!isKnown(before, aFinding({ rule: 'no-new-func' })));
  assert.ok(
    !isKnown(aFinding({ places: placesAt('v:1:3:1') }), aFinding({ places: placesAt('v:2:3:1') })),
  );
  assert.ok(!isKnown(before, aFinding({ message: 'eval of input' })));
});

test('a vulnerability is the same whatever is said of it, and another one in another version', () => {
  const component = { name: 'lodash', version: '4.17.15' };
  const before = aFinding({ rule: 'CVE-1', component, places: placesAt('lodash 4.17.15') });

  assert.ok(isKnown(before, { ...before, message: 'fixed in 4.17.21' }));
  assert.ok(
    !isKnown(before, { ...before, places: placesAt('lodash 4.17.15 in server/lock.json') }),
  );
  assert.ok(!isKnown(before, { ...before, component: { ...component, version: '4.17.16' } }));
  assert.ok(!isKnown(before, { ...before, component: { ...component, ecosystem: 'pypi' } }));
});

test('what has become worse is another finding, and what has become better is the same', () => {
  const before = aFinding({ level: 'medium' });

  assert.ok(isKnown(before, aFinding({ level: 'low' })));
  assert.ok(!isKnown(before, aFinding({ level: 'high' })));
});

test('what was planted in the stable release excuses nothing that is not', () => {
  const bait = aFinding({
    places: placesAt('bait.js:1'),
    component: { name: 'lodash', version: '4.17.15' },
  });
  const known = new Map<string, number>();
  addKnown(known, { kind: 'finding', ...bait }, ['bait.js']);

  assert.equal(known.size, 0);
});

test('a finding at several places is known when it was at each of them, as often', () => {
  const at = (...places: readonly string[]): Finding => aFinding({ places: placesAt(...places) });
  const knows = (before: readonly Finding[], ...now: readonly Finding[]) => {
    const excuse = excusesKnown(aBaseline(before));
    return now.map((each) => excuse(each) !== null);
  };

  assert.deepEqual(knows([at('a.js:1', 'b.js:1')], at('a.js:3'), at('b.js:2')), [true, true]);
  assert.deepEqual(knows([at('a.js:1')], at('a.js:1', 'b.js:1')), [false]);
  assert.deepEqual(knows([at('a.js:1', 'b.js:1')], at('a.js:1', 'a.js:2')), [false]);
  // What was taken for one that is new is there for others.
  assert.deepEqual(knows([at('a.js:1')], at('a.js:1', 'b.js:1'), at('a.js:1')), [false, true]);
  assert.deepEqual(knows([at('a.js:1')], at('a.js:1', ''), at()), [false, false]);
});

test('what was planted in the stable release beside what was not is that alone', () => {
  const known = new Map<string, number>();
  addKnown(known, { kind: 'finding', ...aFinding({ places: placesAt('bait.js:1', 'a.js:1') }) }, [
    'bait.js',
  ]);
  const excuse = excusesKnown({ kind: 'found', release: '1.0', known, coverage: {} });

  assert.equal(excuse(aFinding({ places: placesAt('bait.js:1') })), null);
  assert.notEqual(excuse(aFinding({ places: placesAt('a.js:1') })), null);
});

test('a baseline without end is none: what is beyond its length counts as new', () => {
  const known = new Map(Array.from({ length: 200_000 }, (_, at) => [`print ${at}`, 1] as const));
  addKnown(known, { kind: 'finding', ...aFinding() });

  assert.equal(known.size, 200_000);
});

test('what was suppressed in the stable release excuses nothing, nor does a baseline that is none', () => {
  const finding = aFinding();

  assert.ok(!isKnown(aFinding({ isSuppressed: true }), finding));
  assert.equal(excusesKnown({ kind: 'none' })(finding), null);
  assert.equal(excusesKnown({ kind: 'missing', release: '1.0' })(finding), null);
});

test('of each finding as many are excused as there were, and no more, in whatever order', () => {
  const anyFinding = fc.record({
    rule: fc.constantFrom('a', 'b'),
    places: fc.constantFrom(placesAt('x.js:1'), placesAt('x.js:2'), placesAt('y.js:1'), []),
  });
  fc.assert(
    fc.property(fc.array(anyFinding), fc.array(anyFinding), (before, now) => {
      const excuse = excusesKnown(aBaseline(before.map(aFinding)));
      const excused = now.filter((each) => excuse(aFinding(each)) !== null);
      const kind = ({ rule, places }: (typeof now)[number]): string =>
        `${rule} ${places[0]?.text.slice(0, 4) ?? ''}`;
      const countOf = (all: typeof now, wanted: string): number =>
        all.filter((each) => kind(each) === wanted).length;

      for (const each of new Set(now.map(kind))) {
        assert.equal(countOf(excused, each), Math.min(countOf(before, each), countOf(now, each)));
      }
    }),
  );
});

test('of more kinds of findings than anybody reads those beyond count as new', () => {
  const known = new Map<string, number>(
    Array.from({ length: 199_999 }, (_, at) => [String(at), 1] as const),
  );
  const [last, beyond] = ['last', 'beyond'].map((rule) => aFinding({ rule }));
  assert.ok(last && beyond);
  for (const finding of [last, beyond, last]) addKnown(known, { kind: 'finding', ...finding });

  const excuse = excusesKnown({ kind: 'found', release: '1.0', known, coverage: {} });

  assert.equal(known.size, 200_000);
  assert.deepEqual(
    [last, last, beyond].map((each) => excuse(each) !== null),
    [true, true, false],
  );
});
