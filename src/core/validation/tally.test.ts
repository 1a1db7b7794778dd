import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placesAt } from '../../../test/support/validation/places-at.ts';
import type { Fact, Finding } from './fact.ts';
import { addFact, newTally, plainly, type Counting, type Tally } from './tally.ts';

function tallied(facts: Iterable<Fact>, counting: Counting = plainly): Tally {
  const tally = newTally();
  for (const fact of facts) addFact(tally, fact, counting);
  return tally;
}

function aFinding(changes: Partial<Finding> = {}): Fact {
  return {
    ...{ kind: 'finding', rule: 'no-eval', level: 'high', message: '', places: placesAt('a.js:1') },
    ...{ isSuppressed: false, ...changes },
  };
}

function many(count: number, fact: (at: number) => Fact): readonly Fact[] {
  return Array.from({ length: count }, (_, at) => fact(at));
}

test('more series than can be kept are none that have been looked at', () => {
  const series = (at: number): Fact => ({
    ...{ kind: 'metric', name: `m${at}`, labels: {}, value: 1 },
  });

  assert.deepEqual(tallied(many(20_000, series)).incomplete, []);
  const beyond = tallied(many(20_001, series));
  assert.deepEqual(
    [beyond.metrics.length, beyond.incomplete],
    [20_000, ['there are more than 20000 series']],
  );
});

test('more kinds of licences than can be kept are told, and further components of a known one are not', () => {
  const component = (at: number): Fact => ({
    ...{ kind: 'component', name: 'a', version: null, licences: [`L${at}`] },
  });
  const full = many(20_000, component);

  assert.deepEqual(tallied([...full, component(0)]).incomplete, []);
  const beyond = tallied([...full, component(20_000)]);
  assert.equal(beyond.licences.size, 20_000);
  assert.deepEqual(beyond.incomplete, ['there are more than 20000 kinds of licences']);
});

test('of results that are judged one by one either all are kept or it is told', () => {
  const stress: Fact = {
    ...{ kind: 'stress', capacityPerSecond: 1, limitedBy: 'nothing', recoveryMs: 0 },
    observed: null,
  };

  assert.deepEqual(tallied(many(20, () => stress)).incomplete, []);
  assert.deepEqual(tallied(many(21, () => stress)).incomplete, ['there are more than 20 results']);
});

test('what was looked at is added up, and the first tool is it', () => {
  const tally = tallied([
    { kind: 'tool', name: 'a', version: '1' },
    { kind: 'covered', unit: 'file', count: 2 },
    { kind: 'tool', name: 'b', version: null },
    { kind: 'covered', unit: 'file', count: 3 },
  ]);

  assert.deepEqual([tally.tool?.name, tally.covered], ['a', { file: 5 }]);
});

test('bait that the tool was told to put up with was not found', () => {
  const counting = { ...plainly, planted: ['a.js'] };

  assert.deepEqual([...tallied([aFinding()], counting).bait], ['a.js']);
  const hidden = tallied([aFinding({ isSuppressed: true })], counting);
  assert.deepEqual([hidden.bait.size, hidden.suppressed.high, hidden.findings.high], [0, 0, 0]);
});

test('a finding in bait and elsewhere shows that the tool looked, and is one of what is elsewhere', () => {
  const counting = { ...plainly, planted: ['bait.js', 'other.js'] };
  const places = placesAt('bait.js:1', 'a.js:1', 'other.js');
  const tally = tallied([aFinding({ places })], counting);
  const both = tallied([aFinding({ places: placesAt('bait.js:1', 'other.js') })], counting);

  assert.deepEqual([...tally.bait], ['bait.js', 'other.js']);
  assert.equal(tally.findings.high, 1);
  assert.deepEqual(tally.worst[0]?.places, placesAt('a.js:1'));
  assert.deepEqual([both.bait.size, both.findings.high], [2, 0]);
});

test('bait and an excuse cover a finding together, and neither covers a place without a name', () => {
  const seen: (readonly string[])[] = [];
  const excuseOf = ({ places }: Finding) => {
    const texts = places.map(({ text }) => text);
    seen.push(texts);
    return { isValid: texts.join() === 'a.js', why: 'waived' };
  };
  const counting = { ...plainly, planted: ['bait.js'], excuseOf };

  assert.equal(
    tallied([aFinding({ places: placesAt('a.js', 'bait.js') })], counting).findings.high,
    0,
  );
  assert.equal(tallied([aFinding({ places: placesAt('bait.js', '') })], counting).findings.high, 1);
  assert.deepEqual(seen, [['a.js'], ['']]);
});

test('what an excuse no longer covers counts, and what it was is told', () => {
  const excuseOf = () => ({ isValid: false, why: 'expired' });
  const tally = tallied([aFinding(), aFinding({ isSuppressed: true })], { ...plainly, excuseOf });

  assert.deepEqual([tally.findings.high, tally.suppressed.high], [1, 1]);
  assert.equal(tally.excused.get('expired'), 2);
});
