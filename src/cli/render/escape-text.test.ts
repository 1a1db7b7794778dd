import assert from 'node:assert/strict';
import test from 'node:test';
import { escapeLines, escapeText, jsonLine, quoted } from './escape-text.ts';

test('control and invisible characters become visible, everything else stays', () => {
  assert.equal(
    escapeText('a\u001b[2Jb\u0000\u009b\u202e\r\n'),
    'a\\x1b[2Jb\\x00\\x9b\\u{202e}\\x0d\\x0a',
  );
  assert.equal(escapeText('Grüße 🚀 "x"'), 'Grüße 🚀 "x"');
});

test('line ends part lines and nothing else does', () => {
  assert.deepEqual(escapeLines('a\r\nb\rc\n'), ['a', 'b\\x0dc']);
});

test('a long value is shown short', () => {
  assert.equal(quoted('x'.repeat(65_536)).length, 65);
});

test('a JSON line says the same without a byte that a terminal acts on', () => {
  const value = { text: '\u001b\u009b\u202e\u{e0001}é\n' };

  const line = jsonLine(value);

  assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u);
  assert.deepEqual(JSON.parse(line), value);
});
