import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { aStablePool } from '../../../test/support/plan-builder.ts';
import { failsWith } from '../../../test/support/fails-with.ts';
import { operationalError } from '../../core/operational-error.ts';
import { settledSplit } from '../../core/plan/outline.ts';
import { drillRevert } from './drill-revert.ts';

const stable = aStablePool();
const drill = { kind: 'drill-revert', pool: stable, split: settledSplit(stable) } as const;

test('what the way back takes is there, and how long its first command takes is told', async () => {
  const { context, run } = actionUnderTest();
  await run(stable);

  const result = await drillRevert(context, drill);

  assert.ok(result.kind === 'ok');
  assert.match(
    result.evidence.summary,
    /^2 instances of 1\.0, with artifact and configuration; all traffic given to it in \d/,
  );
  assert.equal(typeof result.evidence.details?.['tookMs'], 'number');
  const routed = await context.drivers.balancer.observe(context.service.scope, context);
  assert.ok(routed);
  assert.deepEqual(routed.weights, { [stable.pool]: 100 });
  assert.deepEqual(routed.token, context.command.token);
});

test('a stable pool that is not whole is no way back', async () => {
  const { context } = actionUnderTest();

  const result = await drillRevert(context, drill);

  assert.ok(result.kind === 'failed');
  assert.equal(result.failure.code, 'capacity-missing');
  assert.match(result.failure.message, /has 0 of 2 instances/);
});

test('an artifact that somebody has changed is no way back, and no split is written', async () => {
  const { context, run, surroundings } = actionUnderTest();
  await run(stable);
  surroundings.target.damaged.add(stable.artifact.digest);

  await assert.rejects(drillRevert(context, drill), failsWith('artifact-mismatch'));
  assert.equal(await context.drivers.balancer.observe(context.service.scope, context), null);
});

test('a configuration that is not recorded is no way back', async () => {
  const { context, run } = actionUnderTest();
  await run(stable);
  const environmentOf = () => Promise.reject(operationalError('artifact-missing', 'It is gone.'));

  const drilled = drillRevert({ ...context, environmentOf }, drill);

  await assert.rejects(drilled, failsWith('artifact-missing'));
});
