import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutChanging } from './without-changing.ts';

const objects = Object.fromEntries(
  ['public.events_1', 'public.events', 'publicxevents_1', 'schema public', 'app.f(integer)'].map(
    (name) => [name, {}],
  ),
);

function left(...patterns: readonly string[]): readonly string[] {
  return Object.keys(withoutChanging(objects, patterns));
}

test('a pattern means just the objects of this name, with anything in the place of its stars', () => {
  assert.deepEqual(left(), Object.keys(objects));
  assert.deepEqual(left('*'), []);
  assert.deepEqual(left('public.events_*', 'app.f(integer)'), [
    ...['public.events', 'publicxevents_1', 'schema public'],
  ]);
  assert.deepEqual(left('events*', 'public.event'), Object.keys(objects));
});
