import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aMessage } from './postgres-message-builder.ts';
import { createMessageCutter } from './postgres-messages.ts';

test('messages are the same however the stream was cut on its way', () => {
  const stream = Buffer.concat([
    aMessage('', 'startup'),
    aMessage('P', 'select'),
    aMessage('S', ''),
  ]);
  for (let size = 1; size <= stream.length; size += 1) {
    const cutter = createMessageCutter(true);
    const found: string[] = [];
    for (let from = 0; from < stream.length; from += size) {
      for (const { type, body } of cutter.cut(stream.subarray(from, from + size))) {
        found.push(`${type}:${body.toString()}`);
      }
    }
    assert.deepEqual(found, [':startup', 'P:select', 'S:'], `in pieces of ${size} bytes`);
  }
});
