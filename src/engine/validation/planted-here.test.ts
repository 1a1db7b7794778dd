import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aRelease } from '../../../test/support/validation/a-checked-release.ts';
import { aLinter } from '../../../test/support/validation/checks.ts';

const baited = aLinter('lint', { plant: { 'bait.js': 'bad' } });

test('bait that another file could be taken for is none', async (t) => {
  for (const name of ['b%61it.js', 'lib/bait.js']) {
    const { validate, source } = aRelease(t);
    mkdirSync(join(source, 'lib'));
    writeFileSync(join(source, name), 'good');

    const { found } = await validate([baited]);

    assert.equal(found.outcome, 'ERROR', name);
    assert.match(found.because ?? '', /"bait\.js", reads like the path of another file/);
  }
});

test('a file in whose path the name of bait stands is none', async (t) => {
  for (const name of ['my bait.js', 'x%20bait.js', 'a,bait.js', '%2e%2e-bait.js']) {
    const { validate } = aRelease(t, { [name]: 'bad' });

    const { found } = await validate([baited]);

    assert.equal(found.outcome, 'FAIL', name);
  }
});
