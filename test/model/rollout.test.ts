import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { checkVariant } from './check-variant.ts';
import { missingPrograms } from './missing-programs.ts';
import { variants } from './variants.ts';

const skip = missingPrograms() ?? false;
/** Two of the searches that hold fit into a gigabyte. */
const CONCURRENT = 2;
/** A minute where nothing else runs. */
const LIMIT_MS = 600_000;

function emptyFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'model-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test(
  'the model of the protocol has no error, and none of its guards can be left out',
  { skip, concurrency: CONCURRENT, timeout: LIMIT_MS },
  async (t) => {
    const checks = variants.map((variant) =>
      t.test(
        variant.breaks === null ? `${variant.name}: holds` : `${variant.name}: ${variant.breaks}`,
        async (subtest) => {
          const { breaks, trace } = await checkVariant(variant, emptyFolder(subtest));

          assert.equal(breaks, variant.breaks, trace.join('\n'));
        },
      ),
    );
    await Promise.all(checks);
  },
);

test('a model that spin complains about proves nothing', { skip }, async (t) => {
  const unknown = {
    name: 'a wrong flag',
    flags: ['FAULTS=('],
    breaks: null,
    search: 'safety',
  } as const;

  await assert.rejects(checkVariant(unknown, emptyFolder(t)), /spin has something to say/);
});

test('a search that was cut short proves nothing', { skip }, async (t) => {
  const quick = {
    name: 'few faults',
    flags: ['FAULTS=0'],
    breaks: null,
    search: 'safety',
  } as const;

  await assert.rejects(checkVariant(quick, emptyFolder(t), 50), /The search was not complete/);
});
