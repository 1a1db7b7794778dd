import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { placesAt } from '../../../test/support/validation/places-at.ts';
import type { Fact } from './fact.ts';
import { judgeReport, type CheckVerdict, type Circumstances } from './judge-report.ts';
import { enough } from './criterion.ts';
import { levels } from './level.ts';
import { levelOfRule } from './level-of-rule.ts';
import type { CoverageRule, FindingsRule, Rule, TestsRule } from './rule.ts';
import { addFact, newTally, plainly } from './tally.ts';

function aFindingsRule(changes: Partial<FindingsRule> = {}): FindingsRule {
  return {
    ...{ subject: 'findings', level: 'medium', findingsMax: 0, suppressedMax: 0 },
    ...{ covered: { unit: 'file', min: 1 }, databaseAgeMaxMs: null, exceptStable: false },
    ...changes,
  };
}

const HOUR_MS = 3_600_000;
const NOW_MS = Date.parse('2026-11-28T12:00:00Z');
const testsRule: TestsRule = { subject: 'tests', testsMin: 1, skippedMax: 0 };
const coverageRule: CoverageRule = {
  ...{ subject: 'coverage', min: { lines: 0.8 }, marginMax: null, linesMin: 1 },
};
const looked: Fact = { kind: 'covered', unit: 'file', count: 12 };

function aFinding(changes: Partial<Extract<Fact, { kind: 'finding' }>> = {}): Fact {
  return {
    ...{ kind: 'finding', rule: 'no-eval', level: 'high', message: 'eval is evil' },
    ...{ places: placesAt('src/a.js:3:1'), isSuppressed: false },
    ...changes,
  };
}

function tests(outcome: 'passed' | 'failed' | 'skipped', count: number): readonly Fact[] {
  const message = outcome === 'failed' ? 'expected 1' : null;
  return Array.from({ length: count }, (_, at) => ({
    ...{ kind: 'test', name: `t${at}`, outcome, message },
  }));
}

function judged(
  rule: Rule,
  facts: readonly Fact[],
  planted: readonly string[] = [],
  circumstances: Partial<Pick<Circumstances, 'apart' | 'dated' | 'baseline'>> = {},
): CheckVerdict {
  const tally = newTally();
  for (const fact of facts)
    addFact(tally, fact, { ...plainly, planted, baitLevel: levelOfRule(rule) });
  return judgeReport(rule, tally, {
    planted,
    nowMs: NOW_MS,
    apart: null,
    dated: null,
    baseline: { kind: 'none' },
    ...circumstances,
  });
}

function unmet({ criteria }: CheckVerdict): readonly string[] {
  return criteria.filter(({ state }) => state !== 'met').map(({ what }) => what);
}

test('without findings at the level a report passes, however many are below it', () => {
  const low = aFinding({ level: 'low' });

  assert.equal(judged(aFindingsRule(), [looked, low, low]).outcome, 'PASS');
  assert.equal(judged(aFindingsRule({ level: 'low' }), [looked, low]).outcome, 'FAIL');
  assert.equal(
    judged(aFindingsRule({ findingsMax: 2 }), [looked, aFinding(), aFinding()]).outcome,
    'PASS',
  );
});

test('a report fails by its worst finding, and names it with its place', () => {
  const worst = aFinding({ level: 'critical', rule: 'sql', places: placesAt('src/b.js:9') });
  const verdict = judged(aFindingsRule(), [looked, aFinding(), worst, aFinding()]);

  assert.equal(verdict.outcome, 'FAIL');
  assert.equal(verdict.criteria[0]?.observed, '3, the worst: sql at src/b.js:9');
});

test('a tool that looked at nothing, or does not say at how much, has not passed anything', () => {
  const nothing = judged(aFindingsRule(), [{ ...looked, count: 0 }]);
  const unsaid = judged(aFindingsRule(), []);
  const another = judged(aFindingsRule(), [{ kind: 'covered', unit: 'rule', count: 9 }]);

  for (const verdict of [nothing, unsaid, another]) {
    assert.equal(verdict.outcome, 'ERROR');
    assert.deepEqual(unmet(verdict), ['files that were looked at']);
  }
});

test('what was to be compared with the stable release says when there was nothing to compare with', () => {
  const rule = aFindingsRule({ exceptStable: true });
  const found = { kind: 'found', release: '1.0', known: new Map(), coverage: {} } as const;
  const baselines = [{ kind: 'none' }, { kind: 'missing', release: '1.0' }, found] as const;
  const told = (of: FindingsRule, baseline: Circumstances['baseline']): string =>
    judged(of, [looked, aFinding()], [], { baseline }).criteria[0]?.observed ?? '';

  assert.deepEqual(
    baselines.map((baseline) => told(rule, baseline).replace(/^.*3:1 /, '')),
    [
      '(all of them: no stable release to compare with)',
      '(all of them: no report on the stable release 1.0 to compare with)',
      '(new since 1.0)',
    ],
  );
  assert.match(told(aFindingsRule(), { kind: 'none' }), /3:1$/);
});

test('what was planted must be found, and is no finding', () => {
  const planted = ['.canary/key.js'];
  const bait = aFinding({ places: placesAt('./.canary/key.js:1') });

  assert.equal(judged(aFindingsRule(), [looked, bait], planted).outcome, 'PASS');
  const blind = judged(aFindingsRule(), [looked], planted);
  assert.equal(blind.outcome, 'ERROR');
  assert.deepEqual(unmet(blind), ['the tool finds what was planted']);
  assert.equal(judged(aFindingsRule(), [looked, bait, aFinding()], planted).outcome, 'FAIL');
});

test('of several that were planted each must be found', () => {
  const planted = ['a.js', 'b.js'];
  const [a, b] = planted.map((place) => aFinding({ places: placesAt(place) }));
  assert.ok(a && b);

  assert.equal(judged(aFindingsRule(), [looked, a, b], planted).outcome, 'PASS');
  const half = judged(aFindingsRule(), [looked, b], planted);
  assert.equal(half.outcome, 'ERROR');
  assert.equal(half.criteria.at(-1)?.observed, 'nothing in a.js');
});

test('what was planted apart is asked as well, and shows that the tool looked only once it is found', () => {
  const [found, missed] = [1, 0].map((count) => enough('what was planted apart', count, 1));
  assert.ok(found && missed);

  assert.equal(judged(aFindingsRule(), [], [], { apart: found }).outcome, 'PASS');
  assert.deepEqual(unmet(judged(aFindingsRule(), [], [], { apart: missed })), [
    'files that were looked at',
    'what was planted apart',
  ]);
  assert.equal(judged(aFindingsRule(), [looked], [], { apart: missed }).outcome, 'ERROR');
});

test('the age of a file that it judges by is asked beside what its report says', () => {
  const dated = (ageMs: number): Circumstances['dated'] => ({
    ...{ database: { name: 'db.json', builtAtMs: NOW_MS - ageMs }, ageMaxMs: HOUR_MS },
  });

  assert.equal(
    judged(testsRule, tests('passed', 1), [], { dated: dated(HOUR_MS) }).outcome,
    'PASS',
  );
  const stale = { dated: dated(HOUR_MS + 1) };
  assert.equal(judged(testsRule, tests('passed', 1), [], stale).outcome, 'STALE');
  // What is unknown is worse than what is old.
  assert.equal(judged(testsRule, [], [], stale).outcome, 'ERROR');
});

test('a tool that does not say what it looked at is believed when it found what was planted', () => {
  const bait = aFinding({ places: placesAt('bait.js:1') });

  assert.equal(judged(aFindingsRule(), [bait], ['bait.js']).outcome, 'PASS');
  const none = { ...looked, count: 0 };
  assert.equal(judged(aFindingsRule(), [bait, none], ['bait.js']).outcome, 'ERROR');
});

test('what a tool was told to put up with fails beyond what is allowed, and is told below the level', () => {
  const hidden = aFinding({ isSuppressed: true });
  const low = aFinding({ isSuppressed: true, level: 'low' });
  const observed = (what: string, { criteria }: CheckVerdict) =>
    criteria.find((each) => each.what === what)?.observed;

  const two = judged(aFindingsRule(), [looked, hidden, hidden, low]);

  assert.deepEqual([two.outcome, judged(aFindingsRule(), [looked, low]).outcome], ['FAIL', 'PASS']);
  assert.equal(judged(aFindingsRule({ suppressedMax: 1 }), [looked, hidden]).outcome, 'PASS');
  assert.equal(
    judged(aFindingsRule({ suppressedMax: 1 }), [looked, hidden, hidden]).outcome,
    'FAIL',
  );
  assert.equal(observed('suppressed findings of medium and above', two), '2');
  assert.equal(observed('suppressed findings below it', two), '1');
});

test('what is suppressed and excused by somebody by name, too, is excused', () => {
  const tally = newTally();
  const excuseOf = () => ({ isValid: true, why: 'waived' });
  addFact(tally, aFinding({ isSuppressed: true }), { ...plainly, excuseOf });

  assert.deepEqual([tally.suppressed.high, tally.excused.get('waived')], [0, 1]);
});

test('bait that is found to be slighter than what counts does not show that the tool is alive', () => {
  const planted = ['bait.js'];
  const slight = aFinding({ places: placesAt('bait.js:1'), level: 'low' });

  assert.equal(judged(aFindingsRule({ level: 'low' }), [looked, slight], planted).outcome, 'PASS');
  assert.equal(judged(aFindingsRule(), [looked, slight], planted).outcome, 'ERROR');
});

test('a tool that did not do all of its work does not pass, and what it found still fails', () => {
  const incomplete: Fact = { kind: 'incomplete', message: 'src/c.js could not be parsed' };

  assert.equal(judged(aFindingsRule(), [looked, incomplete]).outcome, 'ERROR');
  assert.equal(judged(aFindingsRule(), [looked, incomplete, aFinding()]).outcome, 'FAIL');
});

function aDatabase(ageMs: number): Fact {
  return { kind: 'database', name: 'db v6', builtAtMs: NOW_MS - ageMs };
}

test('what is judged by something too old is stale, and what is found by it still fails', () => {
  const rule = aFindingsRule({ databaseAgeMaxMs: 48 * HOUR_MS });

  assert.equal(judged(rule, [looked, aDatabase(48 * HOUR_MS)]).outcome, 'PASS');
  const stale = judged(rule, [looked, aDatabase(48 * HOUR_MS + 1)]);
  assert.equal(stale.outcome, 'STALE');
  assert.deepEqual(unmet(stale), ['age of what it judges by']);
  assert.equal(judged(rule, [looked, aDatabase(49 * HOUR_MS), aFinding()]).outcome, 'FAIL');
  // Of several the oldest counts, in whatever order they come.
  const two = [aDatabase(0), aDatabase(49 * HOUR_MS)];
  assert.equal(judged(rule, [looked, ...two]).outcome, 'STALE');
  assert.equal(judged(rule, [looked, ...two.toReversed()]).outcome, 'STALE');
});

test('what does not say how old it is, or is of the future, shows no age', () => {
  const rule = aFindingsRule({ databaseAgeMaxMs: 48 * HOUR_MS });

  assert.equal(judged(rule, [looked]).outcome, 'ERROR');
  assert.equal(judged(rule, [looked, aDatabase(-HOUR_MS)]).outcome, 'ERROR');
  assert.equal(judged(rule, [looked, aDatabase(-6 * 60_000)]).outcome, 'ERROR');
  // Clocks of two machines are never quite the same.
  assert.equal(judged(rule, [looked, aDatabase(-60_000)]).outcome, 'PASS');
  assert.equal(judged(aFindingsRule(), [looked]).outcome, 'PASS');
});

test('of what expires the first decides, and a report that names none shows nothing', () => {
  const rule = aFindingsRule({ validForMinMs: 86_400_000 });
  const expires = (what: string, inMs: number): Fact => ({
    ...{ kind: 'expiry', what, atMs: NOW_MS + inMs },
  });
  const later = expires('b', 90_000_000);

  assert.equal(judged(rule, [looked, later, expires('a', 86_400_000)]).outcome, 'PASS');
  assert.equal(judged(rule, [looked, later, expires('a', 86_399_999), later]).outcome, 'FAIL');
  assert.equal(judged(rule, [looked]).outcome, 'ERROR');
  assert.equal(judged(aFindingsRule(), [looked, expires('a', -1)]).outcome, 'PASS');
});

test('all tests must pass, one must have run, and none be skipped beyond the limit', () => {
  assert.equal(judged(testsRule, tests('passed', 3)).outcome, 'PASS');
  assert.equal(judged(testsRule, []).outcome, 'ERROR');
  assert.deepEqual(unmet(judged(testsRule, tests('skipped', 2))), [
    'tests that ran',
    'tests that were skipped',
  ]);
  const failed = judged(testsRule, [...tests('passed', 99), ...tests('failed', 1)]);
  assert.equal(failed.outcome, 'FAIL');
  assert.equal(failed.criteria[1]?.observed, '1, the first: t0');
  const skipping = [...tests('passed', 3), ...tests('skipped', 1)];
  assert.equal(judged(testsRule, skipping).outcome, 'FAIL');
  assert.equal(judged({ ...testsRule, skippedMax: 1 }, skipping).outcome, 'PASS');
});

test('coverage is judged over all files, and a report without any shows none', () => {
  const lines = (covered: number, total: number): Fact => ({
    ...{ kind: 'coverage', metric: 'lines', covered, total },
  });

  assert.equal(judged(coverageRule, [lines(0, 10), lines(80, 90)]).outcome, 'PASS');
  const below = judged(coverageRule, [lines(79_999, 100_000)]);
  assert.equal(below.outcome, 'FAIL');
  assert.equal(below.criteria[0]?.observed, '79.99 % of 100,000');
  assert.equal(judged(coverageRule, [lines(0, 0)]).outcome, 'ERROR');
  assert.equal(judged(coverageRule, []).outcome, 'ERROR');
});

test('in whatever order facts come the verdict is the same, and more findings make none better', () => {
  const anyFinding = fc.record({
    ...{ level: fc.constantFrom(...levels), isSuppressed: fc.boolean() },
    places: fc.subarray([...placesAt('src/a.js:1', 'bait.js:1')]),
  });
  const rank = { PASS: 0, STALE: 1, ERROR: 2, FAIL: 3 };
  fc.assert(
    fc.property(fc.array(anyFinding, { maxLength: 60 }), fc.nat(3), (changes, findingsMax) => {
      const rule = aFindingsRule({ findingsMax, suppressedMax: findingsMax });
      const facts = [looked, ...changes.map(aFinding)];
      const { outcome } = judged(rule, facts, ['bait.js']);

      assert.equal(judged(rule, facts.toReversed(), ['bait.js']).outcome, outcome);
      const more = judged(rule, [...facts, aFinding({ level: 'critical' })], ['bait.js']).outcome;
      assert.ok(rank[more] >= rank[outcome]);
      const counting = changes.filter(
        ({ level, places }) =>
          places.map(({ text }) => text).join() !== 'bait.js:1' &&
          level !== 'note' &&
          level !== 'low',
      );
      const hidden = counting.filter(({ isSuppressed }) => isSuppressed).length;
      const most = Math.max(hidden, counting.length - hidden);
      assert.equal(outcome === 'FAIL', most > findingsMax);
    }),
  );
});

test('a tally keeps the worst as examples, and no more of them however many there are', () => {
  const tally = newTally();
  for (let at = 0; at < 1_000; at += 1) addFact(tally, aFinding({ level: levels[at % 4]! }));
  addFact(tally, aFinding({ level: 'critical' }));

  assert.equal(tally.worst.length, 20);
  assert.deepEqual(
    tally.worst.slice(0, 2).map(({ level }) => level),
    ['critical', 'high'],
  );
  assert.equal(tally.findings.high, 250);
});
