import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePurl } from './purl.ts';

test('a package is named as its manager names it', () => {
  const names = {
    'pkg:npm/lodash@4.17.15': ['lodash', '4.17.15'],
    'pkg:npm/%40sindresorhus/is@7.0.1': ['@sindresorhus/is', '7.0.1'],
    'pkg:npm/@sindresorhus/is@7.0.1': ['@sindresorhus/is', '7.0.1'],
    'pkg:maven/org.apache/log4j@2.0?type=jar': ['org.apache:log4j', '2.0'],
    'pkg:golang/helm.sh/helm/v3@v3.1.0': ['helm.sh/helm/v3', 'v3.1.0'],
    'pkg:deb/debian/openssl@3.0.1-1?arch=amd64': ['openssl', '3.0.1-1'],
    'pkg:pypi/Django_x': ['django-x', null],
  } as const;

  for (const [text, [name, version]] of Object.entries(names)) {
    assert.deepEqual(parsePurl(text), { name, version, isNarrowed: false }, text);
  }
});

test('what means a part of a package, or some of its versions, says so', () => {
  assert.ok(parsePurl('pkg:deb/debian/openssl?arch=arm64')?.isNarrowed);
  assert.ok(parsePurl('pkg:golang/example.com/a@v1.0.0#cmd/b')?.isNarrowed);
});

test('what is no package URL is none', () => {
  for (const text of [
    '',
    'lodash@4.17.15',
    'pkg:npm',
    'pkg:npm/%zz',
    'cpe:2.3:a:b',
    'https://a/b',
  ]) {
    assert.equal(parsePurl(text), null, text);
  }
});
