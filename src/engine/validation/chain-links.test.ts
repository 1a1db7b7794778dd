import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asks } from '../../../test/support/engine/a-previewed-chain.ts';
import { aCheck, aLinter } from '../../../test/support/validation/checks.ts';
import { chainLinks } from './chain-links.ts';

const copy = { name: '{copy}', alone: false };
const elsewhere = { preview: false, target: 'http://staging/' };

test('the preview stands before the first that needs it; who asks the same may be alone with it', () => {
  const checks = [
    asks('build', '', { preview: false }),
    asks('e2e', '/', { needs: ['build'], cpus: 2 }),
    asks('load', '/', { alone: true }),
    asks('dast', '', { ...elsewhere, alone: true }),
  ];

  assert.deepEqual(chainLinks(checks, { needs: ['build'], path: '.' }), [
    { name: 'build', needs: [], cpus: 1, uses: [copy] },
    { name: 'preview', needs: ['build'], cpus: 1, keeps: true, uses: [copy] },
    {
      ...{ name: 'e2e', needs: ['build', 'preview'], cpus: 2 },
      uses: [copy, { name: 'preview', alone: false }],
    },
    { name: 'load', needs: ['preview'], cpus: 1, uses: [copy, { name: 'preview', alone: true }] },
    { name: 'dast', needs: [], cpus: 1, uses: [copy, { name: 'http://staging/', alone: true }] },
  ]);
});

test('without one that needs it there is no preview', () => {
  const links = chainLinks([asks('dast', '', elsewhere)], { needs: [], path: null });

  assert.deepEqual(
    links.map(({ name }) => name),
    ['dast'],
  );
});

test('what prepares has the copy for itself, and what is no part of it does not wait for that', () => {
  const install = aCheck('install');
  const [prepares, , preview] = chainLinks([install, aLinter('lint'), asks('e2e', '/')], {
    ...{ needs: [], path: null },
  });

  assert.deepEqual(prepares?.uses, [{ name: '{copy}', alone: true }]);
  assert.deepEqual(preview?.uses, []);
});
