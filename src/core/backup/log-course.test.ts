import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { logCourse, needlessSegments, runBehind, type KeptLog } from './log-course.ts';
import { segmentBehind, segmentId, segmentNamed } from './log-segment-id.ts';

const at = (number: number, stretch = '7-1'): string => segmentId({ stretch, number });
const between = (first: number, last: number): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => at(first + index));

const courseOf = (there: readonly string[], log: Omit<KeptLog, 'unreadable'>) =>
  logCourse(there, { unreadable: new Set(), ...log });

test('a segment is told by its name, and what is none by none', () => {
  assert.equal(at(255), '7-1-00000000000000ff');
  assert.deepEqual(segmentNamed(at(255)), { stretch: '7-1', number: 255 });
  assert.equal(segmentBehind(at(255)), at(256));
  for (const none of ['', 'x', '7-1-ff', `../${at(1)}`, '7-ffffffffffffffff']) {
    assert.equal(segmentNamed(none), null);
    assert.equal(segmentBehind(none), null);
  }
});

test('what follows the last that is kept comes next, whether the server has that yet or not', () => {
  const kept = between(1, 3);
  const on = { kind: 'on', segments: between(4, 6), follows: at(3) };

  assert.deepEqual(courseOf(between(2, 6), { kept, starts: [] }), on);
  assert.deepEqual(courseOf(between(4, 6), { kept, starts: [] }), on);
});

test('where nothing is kept it begins behind the oldest backup that it can, and with the newest else', () => {
  const there = between(4, 8);
  const of = (...starts: readonly string[]) => courseOf(there, { kept: [], starts });

  assert.deepEqual(of(at(1), at(3), at(5)), { kind: 'on', segments: there, follows: null });
  assert.deepEqual(of(at(5), at(6)), { kind: 'on', segments: between(6, 8), follows: null });
  assert.deepEqual(of(at(1)), { kind: 'on', segments: [at(8)], follows: null });
});

test('a gap is one until a backup lies behind it; another server’s log follows nothing', () => {
  const kept = between(1, 3);
  const [gap, other] = [between(6, 9), [at(4, '8-1')]];

  assert.deepEqual(courseOf(gap, { kept, starts: [at(2)] }), { kind: 'gap', last: at(3) });
  assert.deepEqual(courseOf(other, { kept, starts: [at(3)] }), { kind: 'gap', last: at(3) });
  assert.deepEqual(courseOf(gap, { kept, starts: [at(2), at(7)] }), {
    ...{ kind: 'on', segments: between(8, 9), follows: null },
  });
});

test('nothing follows what cannot be read: it is kept anew where it can be, and behind a backup else', () => {
  const kept = between(1, 5);
  const of = (there: readonly string[], starts: readonly string[], ...numbers: readonly number[]) =>
    logCourse(there, { kept, starts, unreadable: new Set(numbers.map((number) => at(number))) });

  assert.deepEqual(of(between(3, 6), [], 5), {
    ...{ kind: 'on', segments: between(5, 6), follows: at(4) },
  });
  assert.deepEqual(of(between(6, 9), [at(7)], 5), {
    ...{ kind: 'on', segments: between(8, 9), follows: null },
  });
  assert.deepEqual(of(between(6, 9), [at(3)], 1, 2, 3, 4, 5), { kind: 'gap', last: at(5) });
});

test('a run ends at the first that is missing', () => {
  const kept = [...between(1, 3), ...between(5, 6)];

  assert.deepEqual(runBehind(kept, at(1)), between(2, 3));
  assert.deepEqual(runBehind(kept, at(3)), []);
  assert.deepEqual(runBehind(kept, at(4)), between(5, 6));
});

const numbers = fc.uniqueArray(fc.nat({ max: 20 })).map((all) => all.sort((a, b) => a - b));

test('what a kept backup has behind it never goes, and what none has does', () => {
  fc.assert(
    fc.property(numbers, numbers, (kept, starts) => {
      const ids = kept.map((number) => at(number));
      const gone = needlessSegments(
        ids,
        starts.map((number) => at(number)),
      );
      const left = ids.filter((id) => !gone.includes(id));

      for (const start of starts) {
        assert.deepEqual(runBehind(left, at(start)), runBehind(ids, at(start)));
      }
      assert.deepEqual(
        gone,
        ids.filter((_, index) => (kept[index] ?? 0) <= (starts[0] ?? -1)),
      );
    }),
  );
  assert.deepEqual(needlessSegments([at(1, 'old'), at(1)], [at(0)]), [at(1, 'old')]);
});

test('no course ever leaves a gap between what is kept and what comes next, unless a backup covers it', () => {
  fc.assert(
    fc.property(
      numbers,
      numbers,
      fc.nat({ max: 20 }),
      fc.nat({ max: 5 }),
      (kept, starts, from, more) => {
        const ids = kept.map((number) => at(number));
        const begins = starts.map((number) => at(number));
        const course = courseOf(between(from, from + more), { kept: ids, starts: begins });
        if (course.kind === 'gap' || course.segments.length === 0) return;

        const all = [...ids, ...course.segments];
        const [first = ''] = course.segments;
        if (course.follows !== null) assert.equal(segmentBehind(course.follows), first);
        assert.ok(course.follows === null || ids.includes(course.follows));
        assert.ok(
          course.follows !== null ||
            ids.length === 0 ||
            begins.some((s) => segmentBehind(s) === first),
        );
        assert.equal(new Set(all).size, all.length);
        assert.equal(course.segments.at(-1), at(from + more));
      },
    ),
  );
});
