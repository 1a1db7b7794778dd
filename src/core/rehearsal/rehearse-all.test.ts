import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRehearsedPlan, someTraffic } from '../../../test/support/core/rehearsal-builder.ts';
import { bucketOf } from '../model/histogram.ts';
import { healthy } from '../traffic-model/conduct.ts';
import { rehearseAll } from './rehearse-all.ts';

test('traffic of two humps is rehearsed as it was counted: its slower hump breaks the limit', () => {
  const counted = [
    [bucketOf(20_000), 900],
    [bucketOf(400_000), 100],
  ] as const;
  const scenarios = [{ conduct: healthy, mishaps: [], seed: 1 }];
  const [smooth] = rehearseAll(aRehearsedPlan(), someTraffic, scenarios);
  const [humped] = rehearseAll(aRehearsedPlan(), { ...someTraffic, counted }, scenarios);

  assert.equal(smooth?.outcome, 'promoted');
  assert.deepEqual([humped?.outcome, humped?.cause], ['reverted', 'latency']);
});
