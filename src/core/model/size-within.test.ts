import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSize, sizeWithin } from './size-within.ts';

test('a size is whole bytes', () => {
  assert.deepEqual(
    ['512B', '64KiB', '1.5MiB', '2GiB', '1TiB'].map(parseSize),
    [512, 65_536, 1_572_864, 2_147_483_648, 1_099_511_627_776],
  );
});

test('what is no size is null, and so is nothing at all', () => {
  assert.deepEqual(
    ['', '64', '64 KiB', '64kb', '-1KiB', '0B', '0.0001B', 'KiB'].map(parseSize),
    Array.from({ length: 8 }, () => null),
  );
});

test('a size in a configuration is refused with what to write instead', () => {
  const schema = sizeWithin('1KiB', '1MiB', 'A size.');
  const messageOf = (input: unknown) => schema.safeParse(input).error?.issues[0]?.message;

  assert.equal(schema.parse('64KiB'), 65_536);
  assert.equal(messageOf('2MiB'), 'must be from 1KiB to 1MiB');
  assert.equal(messageOf('512B'), 'must be from 1KiB to 1MiB');
  assert.match(messageOf(64) ?? '', /^64 has no unit; write a size like/);
  assert.match(messageOf('64kb') ?? '', /^"64kb" is not a size; write it like/);
});
