import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configDigestOf } from './config-digest.ts';

const target = { driver: 'local', config: { command: ['node'], env: { A: '1', B: '2' } } };

test('the order of keys does not change the digest', () => {
  const same = { config: { env: { B: '2', A: '1' }, command: ['node'] }, driver: 'local' };

  assert.match(configDigestOf(target), /^sha256:[0-9a-f]{64}$/);
  assert.equal(configDigestOf(same), configDigestOf(target));
});

test('another driver, command or value of a variable changes the digest', () => {
  const others = [
    { ...target, driver: 'docker' },
    { ...target, config: { ...target.config, command: ['node', '-v'] } },
    { ...target, config: { ...target.config, env: { A: '1', B: '3' } } },
  ];

  assert.equal(new Set([target, ...others].map(configDigestOf)).size, 4);
});
