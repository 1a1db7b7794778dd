import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHigh } from './kayenta-judge.ts';
import { limitJudges } from './limit-judges.ts';
import type { ArmTraffic } from './traffic-model.ts';

const minutes = Array.from({ length: 15 }, (_, minute) => 100 + (minute % 5));

test('Kayenta calls a shift high that stands out of the spread, and no other', () => {
  assert.equal(isHigh(minutes, minutes), false);
  assert.equal(
    isHigh(
      minutes.map((value) => value + 20),
      minutes,
    ),
    true,
  );
  assert.equal(
    isHigh(
      minutes,
      minutes.map((value) => value + 20),
    ),
    false,
  );
  assert.equal(isHigh([], minutes), false);
});

function arm(failed: number, bucket: number): ArmTraffic {
  return { responses: 1_000, failed, failedCallers: failed, latency: [[bucket, 1_000 - failed]] };
}

/** After how many minutes each judge rolls back; null when not within the hour. */
function minutesUntil(candidate: ArmTraffic): Readonly<Record<string, number | null>> {
  const healthy = arm(0, 1_000);
  return Object.fromEntries(
    limitJudges(60).map((judge) => {
      for (let minute = 1; minute <= 60; minute += 1) {
        if (judge.observe({ candidate, slice: healthy, rest: healthy }))
          return [judge.name, minute];
      }
      return [judge.name, null];
    }),
  );
}

test('judges with limits roll back when they have failed as often as they are set up for', () => {
  assert.deepEqual(minutesUntil(arm(0, 900)), {
    'Flagger defaults': null,
    'Flagger tuned': null,
    'Argo docs': null,
    'Argo tuned': null,
    'Argo relative': null,
  });
  assert.deepEqual(minutesUntil(arm(100, 900)), {
    'Flagger defaults': 5,
    'Flagger tuned': 5,
    'Argo docs': 20,
    'Argo tuned': 1,
    'Argo relative': 4,
  });
  assert.deepEqual(minutesUntil(arm(7, 900)), {
    'Flagger defaults': null,
    'Flagger tuned': 5,
    'Argo docs': null,
    'Argo tuned': 1,
    'Argo relative': 4,
  });
});

test('without any response they pass for ever, as their models do', () => {
  const nothing = { responses: 0, failed: 0, failedCallers: 0, latency: [] };
  for (const minute of Object.values(minutesUntil(nothing))) assert.equal(minute, null);
});
