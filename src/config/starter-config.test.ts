import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadText } from '../../test/support/config/load-text.ts';
import { starterConfig } from './starter-config.ts';

test('the first configuration is valid as it is', async () => {
  const answers = {
    system: 'newsroom',
    service: 'web',
    command: ['node', 'server.js', '--title', 'a "b" \\ #c'],
    port: 8123,
    validation: ['validation:', '  checks:', '', '    it: { run: [x] }'],
  };

  const result = await loadText(starterConfig(answers), { environmentVariables: {} });

  assert.ok(result.ok, JSON.stringify(result));
  const { target, balancer, rollout, validation } = result.config.services['web']!;
  assert.deepEqual((target.config as { command: string[] }).command, answers.command);
  assert.deepEqual((balancer.config as { listen: object }).listen, {
    host: '127.0.0.1',
    port: 8123,
  });
  assert.deepEqual(validation?.checks['it']?.run, ['x']);
  assert.deepEqual(rollout.gate.compare, ['errors', 'latency']);
  assert.ok(rollout.strategy.kind === 'canary');
  assert.deepEqual(
    rollout.strategy.steps.map(({ weight }) => weight),
    [10, 50, 100],
  );
});
