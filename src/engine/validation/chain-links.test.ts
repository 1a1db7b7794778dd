import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asks } from '../../../test/support/engine/a-previewed-chain.ts';
import { chainLinks } from './chain-links.ts';

const elsewhere = { preview: false, target: 'http://staging/' };

test('the preview stands before the first that needs it; who asks the same may be alone with it', () => {
  const checks = [
    asks('build', '', { preview: false }),
    asks('e2e', '/', { needs: ['build'], cpus: 2 }),
    asks('load', '/', { alone: true }),
    asks('dast', '', { ...elsewhere, alone: true }),
  ];

  assert.deepEqual(chainLinks(checks, { needs: ['build'] }), [
    { name: 'build', needs: [], cpus: 1, uses: null },
    { name: 'preview', needs: ['build'], cpus: 1, keeps: true },
    {
      ...{ name: 'e2e', needs: ['build', 'preview'], cpus: 2 },
      uses: { name: 'preview', alone: false },
    },
    { name: 'load', needs: ['preview'], cpus: 1, uses: { name: 'preview', alone: true } },
    { name: 'dast', needs: [], cpus: 1, uses: { name: 'http://staging/', alone: true } },
  ]);
});

test('without one that needs it there is no preview', () => {
  const links = chainLinks([asks('dast', '', elsewhere)], { needs: [] });

  assert.deepEqual(
    links.map(({ name }) => name),
    ['dast'],
  );
});
