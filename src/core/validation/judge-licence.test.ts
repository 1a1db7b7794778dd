import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSingleLicence, judgeLicence } from './judge-licence.ts';

const allowed = new Set(['MIT', 'Apache-2.0', 'GPL-2.0+', 'Apache-2.0 WITH LLVM-exception']);

test('of OR one branch must be allowed, of AND both, and AND binds stronger', () => {
  const verdicts = {
    MIT: 'allowed',
    'GPL-3.0-only': 'refused',
    'MIT OR GPL-3.0-only': 'allowed',
    'GPL-3.0-only OR MIT': 'allowed',
    'MIT AND GPL-3.0-only': 'refused',
    'MIT AND Apache-2.0': 'allowed',
    'MIT OR GPL-3.0-only AND AGPL-3.0-only': 'allowed',
    '(MIT OR GPL-3.0-only) AND AGPL-3.0-only': 'refused',
    '(MIT OR GPL-3.0-only) AND (Apache-2.0 OR AGPL-3.0-only)': 'allowed',
    'LicenseRef-ours': 'refused',
  } as const;

  for (const [text, verdict] of Object.entries(verdicts)) {
    assert.equal(judgeLicence(text, allowed), verdict, text);
  }
});

test('an exception and "or any later" are licences of their own', () => {
  assert.equal(judgeLicence('Apache-2.0 WITH LLVM-exception', allowed), 'allowed');
  assert.equal(judgeLicence('MIT WITH LLVM-exception', allowed), 'refused');
  assert.equal(judgeLicence('GPL-2.0+', allowed), 'allowed');
  assert.equal(judgeLicence('GPL-2.0', allowed), 'refused');
});

test('what SPDX does not know is unknown, whatever stands beside it', () => {
  for (const text of [
    '',
    'mit',
    'UNLICENSED',
    'NOASSERTION',
    'SEE LICENSE IN LICENSE.txt',
    'MIT AND',
    'MIT OR Beerware-ish',
    'MIT License',
    '('.repeat(100_000),
    `MIT${' OR MIT'.repeat(1_000)}`,
  ]) {
    assert.equal(judgeLicence(text, allowed), 'unknown', text.slice(0, 40));
  }
});

test('allowing one more never refuses what was allowed, and nothing is allowed by an empty list', () => {
  const ids = ['MIT', 'ISC', 'Apache-2.0', 'GPL-3.0-only', 'LicenseRef-ours'];
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(...ids),
      fc
        .tuple(tie('expression'), fc.constantFrom('AND', 'OR'), tie('expression'))
        .map(([left, word, right]) => `(${left} ${word} ${right})`),
    ),
  }));
  fc.assert(
    fc.property(expression, fc.subarray(ids), fc.constantFrom(...ids), (text, some, more) => {
      if (judgeLicence(text, new Set(some)) === 'allowed') {
        assert.equal(judgeLicence(text, new Set([...some, more])), 'allowed');
      }
      assert.equal(judgeLicence(text, new Set()), 'refused');
      assert.equal(judgeLicence(text, new Set(ids)), 'allowed');
    }),
  );
});

test('a single licence is named exactly as it is found', () => {
  for (const text of [...allowed, 'LicenseRef-ours']) assert.ok(isSingleLicence(text), text);
  for (const text of ['MIT OR ISC', 'mit', '(MIT)', ' MIT', '']) {
    assert.ok(!isSingleLicence(text), text);
  }
});
