import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePurl } from './purl.ts';

test('a package is named as its manager names it', () => {
  const names = {
    'pkg:npm/lodash@4.17.15': ['lodash', '4.17.15', 'npm'],
    'pkg:npm/%40sindresorhus/is@7.0.1': ['@sindresorhus/is', '7.0.1', 'npm'],
    'pkg:npm/@sindresorhus/is@7.0.1': ['@sindresorhus/is', '7.0.1', 'npm'],
    'pkg:maven/org.apache/log4j@2.0?type=jar': ['org.apache:log4j', '2.0', 'maven'],
    'pkg:golang/helm.sh/helm/v3@v3.1.0': ['helm.sh/helm/v3', 'v3.1.0', 'golang'],
    'pkg:deb/debian/openssl@3.0.1-1?arch=amd64': ['openssl', '3.0.1-1', 'deb/debian'],
    'pkg:DEB/Ubuntu/openssl@3.0.1-1': ['openssl', '3.0.1-1', 'deb/ubuntu'],
    'pkg:deb/openssl@3.0.1-1': ['openssl', '3.0.1-1', 'deb'],
    'pkg:pypi/Django_x': ['django-x', null, 'pypi'],
  } as const;

  for (const [text, [name, version, ecosystem]] of Object.entries(names)) {
    assert.deepEqual(parsePurl(text), { name, version, ecosystem, isNarrowed: false }, text);
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
