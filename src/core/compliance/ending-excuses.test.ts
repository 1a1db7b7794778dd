import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWaiver } from '../../../test/support/validation/a-waiver.ts';
import { endingExcuses } from './ending-excuses.ts';

const DAY_MS = 86_400_000;

const waiver = aWaiver({ until: '2026-11-30', untilMs: 100 * DAY_MS });

test('a waiver is told once it has expired, and in its last seven days', () => {
  const toldAt = (nowMs: number): readonly string[] =>
    endingExcuses({ waivers: [waiver], exemptions: [] }, nowMs);
  const ending = ['the waiver of CVE-1, by ann, counts until 2026-11-30 and no longer.'];

  assert.deepEqual(toldAt(93 * DAY_MS), []);
  assert.deepEqual(toldAt(93 * DAY_MS + 1), ending);
  assert.deepEqual(toldAt(100 * DAY_MS), ending);
  assert.match(toldAt(100 * DAY_MS + 1)[0] ?? '', /by ann, has expired on 2026-11-30 and counts/);
});

test('what has expired comes first, and what does not apply is told as well', () => {
  const exemption = {
    ...{ control: 'C-7', reason: 'no cards', owner: 'bob', until: '2026-01-01', untilMs: 0 },
  };

  assert.deepEqual(
    endingExcuses(
      { waivers: [{ ...waiver, check: 'lint' }], exemptions: [exemption] },
      99 * DAY_MS,
    ),
    [
      'that C-7 does not apply, by bob, has expired on 2026-01-01 and counts as none; renew it or take it out.',
      'the waiver of CVE-1 in lint, by ann, counts until 2026-11-30 and no longer.',
    ],
  );
});
