import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import test from 'node:test';
import { createPaint, signsFor, wantsColour, wantsLive } from './paint.ts';

const pipe = new PassThrough();
const terminal = Object.assign(new PassThrough(), { isTTY: true });

test('colours are for terminals, and variables win over what the stream is', () => {
  assert.equal(wantsColour({}, terminal), true);
  assert.equal(wantsColour({}, pipe), false);
  assert.equal(wantsColour({ NO_COLOR: '1' }, terminal), false);
  assert.equal(wantsColour({ NO_COLOR: '' }, terminal), true);
  assert.equal(wantsColour({ TERM: 'dumb' }, terminal), false);
  assert.equal(wantsColour({ FORCE_COLOR: '1', NO_COLOR: '1' }, pipe), true);
  assert.equal(wantsColour({ FORCE_COLOR: '0' }, terminal), false);
});

test('changing lines are for terminals that somebody looks at', () => {
  assert.equal(wantsLive({}, terminal), true);
  assert.equal(wantsLive({}, pipe), false);
  for (const env of [{ CI: 'true' }, { TERM: 'dumb' }, { NO_COLOR: '1' }]) {
    assert.equal(wantsLive(env, terminal), false);
  }
});

test('paint that is off leaves text as it is, paint that is on does not ask this process', () => {
  assert.equal(createPaint(false).bad('x'), 'x');
  assert.equal(createPaint(true).bad('x'), '\u001b[31mx\u001b[39m');
});

test('signs beyond ASCII need a locale that says UTF-8', () => {
  assert.equal(signsFor({ LANG: 'de_DE.UTF-8' }).passed, '✓');
  assert.equal(signsFor({ LANG: 'C.utf8' }).passed, '✓');
  assert.equal(signsFor({ LC_ALL: 'C', LANG: 'de_DE.UTF-8' }).passed, 'ok');
  assert.equal(signsFor({}).passed, 'ok');
});
