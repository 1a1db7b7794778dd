import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgressFeed } from './progress-feed.ts';

const first = { deployment: 2, step: 'judge-10', text: 'Too few requests.' };
const second = { ...first, text: 'Held for 3 s of 10 s.' };

test('whoever comes later gets the last of a deployment, until it has ended', () => {
  const feed = createProgressFeed();
  feed.publish(first);
  feed.publish(second);

  assert.deepEqual(feed.lastOf(2), second);
  assert.equal(feed.lastOf(3), null);
  feed.forget(2);
  assert.equal(feed.lastOf(2), null);
});
