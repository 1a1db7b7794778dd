import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { unprovenFailures } from './unproven-failures.ts';

const docs = join(import.meta.dirname, '../../docs');

/** What other systems got wrong. */
const failuresOfOthers = [
  'abort-leaves-weight',
  'abort-circular-wait',
  'weight-before-subset',
  'restart-of-aborted',
  'bad-stable',
  'revert-into-small-pool',
  'rollback-after-promotion',
  'deadline-loop',
  'new-revision-mid-analysis',
  'revert-through-canary',
  'deadline-never-fires',
  'dead-controller-70-min',
  'hook-never-ran',
  'no-data-is-pass',
  'weights-lost-on-reload',
  'state-file-overrides-port',
  'unreplayable-state',
  'stolen-heartbeat-lock',
  'pause-never-tested',
  'stuck-undo',
];

/** What the first design of the protocol got wrong. */
const ownFirstErrors = [
  'late-weight-after-100',
  'late-backup-overwrites',
  'lost-end',
  'pass-after-foreign-reload',
  'late-start-after-stop',
];

test('every failure of others and of the first design has its test, or the reason why not yet', () => {
  const unproven = unprovenFailures([...failuresOfOthers, ...ownFirstErrors], {
    document: readFileSync(join(docs, 'reliability.md'), 'utf8'),
    read: (link) => readFileSync(join(docs, link), 'utf8'),
  });

  assert.deepEqual(unproven, []);
});

test('a name without a row, without a test, or that nobody knows is found', () => {
  const document = `
| \`elsewhere\` | [t](a.test.ts) |
## Failures of others
| \`proven\` | [t](a.test.ts) |
| \`untested\` | [t](a.test.ts) |
| \`partly\` | [t](a.test.ts), [u](b.test.ts) |
| \`later\` | Not yet: needs a watch |
| \`silent\` | nothing |
| \`invented\` | [t](a.test.ts) |
## Next`;
  const texts: Readonly<Record<string, string>> = {
    'a.test.ts': "test('proven (X 1): it holds', async (t) => {});\ntest(\n  `partly: x`, ...",
    'b.test.ts': "test('it mentions partly', ...",
  };

  const unproven = unprovenFailures(
    ['proven', 'untested', 'partly', 'later', 'silent', 'elsewhere'],
    { document, read: (link) => texts[link] ?? '' },
  );

  assert.deepEqual(unproven, [
    'invented is no known failure.',
    'a.test.ts has no test untested.',
    'b.test.ts has no test partly.',
    'silent names no test.',
    'elsewhere has no row.',
  ]);
});
