import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { mutants } from './mutants.ts';

const folder = import.meta.dirname;

for (const { name } of mutants) {
  test(`the observer notices when ${name}`, async (t) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', join(folder, 'plant-mutant.ts'), join(folder, 'find-violation.ts')],
      { env: { ...process.env, MUTANT: name } },
    );

    t.diagnostic(stdout);
    assert.notEqual(stdout, '');
  });
}
