import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { durationSchema, formatDuration, parseDuration } from './duration.ts';

test('a duration is read in every unit', () => {
  const read = ['500ms', '10s', '2m', '1h', '3d', '1.5s', '0.5ms'].map(parseDuration);

  assert.deepEqual(read, [500, 10_000, 120_000, 3_600_000, 259_200_000, 1_500, 1]);
});

test('what is no duration is null', () => {
  const texts = [
    '',
    '10',
    '10 s',
    '-1s',
    '+1s',
    '1e3s',
    '10 minutes',
    's',
    '1.s',
    '.5s',
    '10S',
    '1s\n',
  ];

  assert.deepEqual(
    texts.filter((text) => parseDuration(text) !== null),
    [],
  );
});

test('zero and what a timer cannot hold is null', () => {
  assert.equal(parseDuration('0s'), null);
  assert.equal(parseDuration('0.1ms'), null);
  assert.equal(parseDuration('2147483647ms'), 2_147_483_647);
  assert.equal(parseDuration('2147483648ms'), null);
  assert.equal(parseDuration('25d'), null);
});

test('a duration is written in the largest unit that keeps it whole', () => {
  const written = [500, 1_500, 10_000, 90_000, 120_000, 7_200_000, 259_200_000].map(formatDuration);

  assert.deepEqual(written, ['500ms', '1500ms', '10s', '90s', '2m', '2h', '3d']);
});

test('the schema says how a duration is written', () => {
  const result = durationSchema.safeParse('10 minutes');

  assert.deepEqual(
    result.error?.issues.map((issue) => issue.message),
    ['"10 minutes" is not a duration; write it like 500ms, 10s, 5m or 1h'],
  );
});

test('the schema tells an out-of-range duration from a misspelt one', () => {
  const result = durationSchema.safeParse('0s');

  assert.match(result.error?.issues[0]?.message ?? '', /^"0s" is out of range/);
});

test('the schema shows editors its pattern', () => {
  const schema = z.toJSONSchema(durationSchema, { target: 'draft-7', io: 'input' });

  assert.equal(schema.type, 'string');
  assert.equal(typeof schema.pattern, 'string');
});
