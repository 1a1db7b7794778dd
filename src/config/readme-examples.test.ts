import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { problemsOf } from '../../test/support/config/load-text.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
/** But for sketches, which leave something out. */
const examples = Array.from(
  readme.matchAll(/```yaml\n([^]*?)```/g),
  ([, text = '']) => text,
).filter((text) => !text.includes('…'));
const whole = examples.find((text) => text.startsWith('version:')) ?? '';
const [beforeRollout = ''] = whole.split(/^ {4}rollout:/m);

/** A rollout that is shown alone stands in the place of that of the whole example; a key of its top behind it. */
function completed(example: string): string {
  if (example.startsWith('backupStore:')) return whole + example;
  return example === whole ? whole : beforeRollout + example.replaceAll(/^(?=.)/gm, '    ');
}

test('every configuration that the README shows is valid', async () => {
  assert.ok(examples.length >= 4);
  for (const example of examples) {
    const environmentVariables = { DATABASE_URL: 'postgresql://localhost/shop' };
    assert.equal(await problemsOf(completed(example), { environmentVariables }), '', example);
  }
});
