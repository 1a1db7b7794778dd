import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aRelease } from '../../../test/support/validation/a-checked-release.ts';
import { aCheck } from '../../../test/support/validation/checks.ts';
import { signedReport } from '../../drivers/report/signed/driver.ts';

const FIXTURE = '../../drivers/report/signed/fixtures/openssh-9.2p1.md';
const signed = readFileSync(join(import.meta.dirname, FIXTURE), 'utf8');
const ADA = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILz/8SjXMZdn0cA5j/K9H6rMMmaFlROTGTTzxy8yZOxt ada';
const reader = signedReport.connect(signedReport.config.parse({ signers: [ADA], days: 30 }), {
  stateDirectory: '',
});
const YEAR_MS = 365 * 86_400_000;

test('a report that a person has signed counts for the very release that it names, and for its time', async (t) => {
  const { validate, later } = aRelease(t, { 'pentest.md': signed });
  const pentest = aCheck('pentest', { row: 'V9', run: ['cat', 'pentest.md'], reader });
  const of = async (service: string, release: string | null, system = 'press') => {
    const { found } = await validate([pentest], {
      ...{ system, service, release },
      config: { timeBox: 60_000, reuse: 2 * YEAR_MS, waivers: [] },
    });
    const open = found.criteria.filter(({ state }) => state !== 'met');
    return [found.outcome, ...open.map(({ what, limit }) => `${what}: ${limit}`)];
  };

  assert.deepEqual(await of('newsroom', '4.0'), ['PASS']);
  // What was made for it before is judged anew.
  assert.deepEqual(await of('newsroom', '4.2'), [
    'ERROR',
    'what it is about: newsroom 4.2 of the system press',
  ]);
  assert.deepEqual(await of('shop', '4.0'), [
    'ERROR',
    'what it is about: shop 4.0 of the system press',
  ]);
  const elsewhere = 'what it is about: newsroom 4.0 of the system copy';
  assert.deepEqual(await of('newsroom', '4.0', 'copy'), ['ERROR', elsewhere]);
  const unknown = 'what it is about: a release whose version is known';
  assert.deepEqual(await of('newsroom', null), ['ERROR', unknown]);
  later(30 * 86_400_000);
  assert.deepEqual(await of('newsroom', '4.0'), ['STALE', 'its age: at most 30 d']);
});

test('without the file, its signature or both nothing is shown', async (t) => {
  const { validate } = aRelease(t, { 'pentest.md': signed.split('-----BEGIN')[0] ?? '' });
  for (const path of ['pentest.md', 'no-such.md']) {
    const pentest = aCheck('pentest', { row: 'V9', run: ['cat', path], reader });

    const { found } = await validate([pentest], { service: 'newsroom', release: '4.0' });

    assert.equal(found.outcome, 'ERROR');
    assert.match(found.because ?? '', /cannot be read\..*Sign it by: ssh-keygen/);
  }
});
