import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../../test/support/fails-with.ts';
import { previewPlanOf } from './preview-plan.ts';

const declared = { path: 'dist/{version}', needs: ['build'], ready: 30_000 };
const release = { version: '2.0', configDigest: 'sha256:0' };
const of = { artifact: '/releases/2.0', release, probes: [], restore: null };

test('a preview is what the target runs, with an environment that wins over its own', () => {
  const target = {
    driver: 'local',
    config: {
      command: ['node'],
      env: { A: 'target', B: 'target' },
      stopGrace: 5_000,
      instances: 2,
    },
  };

  assert.deepEqual(previewPlanOf(declared, { ...of, target, env: { B: 'preview' } }), {
    ...{ needs: ['build'], ready: 30_000, path: 'dist/2.0', ...of },
    ...{ command: ['node'], env: { A: 'target', B: 'preview' }, stopGraceMs: 5_000 },
    ports: { from: 20_000, to: 29_999 },
  });
});

test('what does not run programs on this machine has no preview', () => {
  const target = { driver: 'simulated', config: { stopGrace: 5_000 } };

  assert.throws(
    () => previewPlanOf(declared, { ...of, target, env: {} }),
    failsWith('config-invalid', /instances of "simulated" have none/),
  );
});
