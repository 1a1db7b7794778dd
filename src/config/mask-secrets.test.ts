import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskSecrets, maskTexts } from './mask-secrets.ts';

const secret = `p/<a>&"b"'c' d+é`;

test('a secret is taken out in every form in which texts write it', () => {
  const forms = [
    secret,
    JSON.stringify(secret),
    `p\\/\\u003ca\\u003E\\u0026\\"b\\"'c' d+\\u00e9`,
    'p/&lt;a&gt;&amp;&quot;b&quot;&apos;c&apos; d+é',
    // What a writer need not escape it often does not.
    `p/&lt;a>&amp;"b"&#39;c&#039; d+&#233;`,
    'p&#x2F;&#60;a&#62;&#38;&#34;b&#34;&#x27;c&#x27; d+&#xe9;',
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
    'p/%3Ca%3E%26%22b%22%27c%27%20d%2B%C3%A9',
    new URLSearchParams({ '': secret }).toString().slice(1),
  ];

  for (const form of forms) {
    assert.equal(maskSecrets(`a ${form}.`, [secret]).replaceAll('"', ''), 'a [secret].', form);
  }
});

test('a secret is taken out of what is base64, such as what a browser signs in with, and what is short stays', () => {
  const encode = (text: string): string => Buffer.from(text).toString('base64');

  const header = maskSecrets(`Basic ${encode('ann:correct-horse')}`, ['correct-horse']);

  // A character on either side holds a few bits of it, and of what stands beside it.
  assert.equal(header, 'Basic YW5uOm[secret]U=');
  assert.equal(maskSecrets(encode('ann:horse'), ['horse']), encode('ann:horse'));
});

const key = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7/+VJTUt9Us8c',
  'KjMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYE',
  'Ag==',
  '-----END PRIVATE KEY-----',
  '',
].join('\n');

test('a secret of several lines is taken out as a whole, and line by line', () => {
  const [, first = '', second = ''] = key.split('\n');
  const xml = key.trimEnd().replaceAll('\n', '&#10;');

  assert.equal(maskSecrets(`key: ${key.trimEnd()}.`, [key]), 'key: [secret].');
  assert.equal(
    maskSecrets(`key: ${key.trimEnd().replaceAll('\n', '\r\n')}.`, [key]),
    'key: [secret].',
  );
  assert.equal(maskSecrets(`key="${xml}"`, [key]), 'key="[secret]"');
  assert.equal(maskSecrets(`  | ${first}`, [key]), '  | [secret]');
  assert.equal(maskSecrets(`"${second.replaceAll('/', '\\/')}",`, [key]), '"[secret]",');
  assert.equal(maskSecrets(`?key=${encodeURIComponent(second)}`, [key]), '?key=[secret]');
});

test('what is the same around every key, or a few characters, is no secret', () => {
  assert.equal(maskSecrets('-----BEGIN PRIVATE KEY-----', [key]), '-----BEGIN PRIVATE KEY-----');
  assert.equal(maskSecrets('Ag== }', [key, '{\n  }\n}']), 'Ag== }');
});

test('of secrets that overlap nothing is left, in whatever order they are given', () => {
  for (const secrets of [
    ['pass', 'password', 'word-1'],
    ['word-1', 'password', 'pass'],
  ]) {
    assert.equal(maskSecrets('a password-1, a pass', secrets), 'a [secret], a [secret]');
  }
});

test('without secrets a text stays as it is, and a mask is not masked again', () => {
  assert.equal(maskSecrets('a secret', []), 'a secret');
  assert.equal(maskSecrets('a secret', ['', 'secret']), 'a [secret]');
});

test('of a value all texts are masked, and nothing else', () => {
  assert.deepEqual(maskTexts({ hunter2: ['a hunter2', 2, null] }, ['hunter2', '2']), {
    hunter2: ['a [secret]', 2, null],
  });
});

test('a secret of any length and kind can be looked for', () => {
  const long = Array.from({ length: 20_000 }, (_, at) => `/${at}&é`).join('');

  assert.equal(maskSecrets(`<${encodeURIComponent(long)}>`, [long]), '<[secret]>');
});
