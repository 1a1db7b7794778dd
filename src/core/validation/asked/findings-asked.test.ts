import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datedFindingsAsked, findingsAsked } from './findings-asked.ts';

test('how old a database may be can be asked only of tools that say so', () => {
  const undated = findingsAsked('package');
  const dated = datedFindingsAsked('package');

  assert.throws(() => undated.config.parse({ databaseAge: '48h' }), /databaseAge/);
  assert.equal(undated.ruleOf(undated.config.parse({})).databaseAgeMaxMs, null);
  assert.deepEqual(dated.ruleOf(dated.config.parse({ level: 'high', databaseAge: '5d' })), {
    ...{ subject: 'findings', level: 'high', findingsMax: 0, suppressedMax: 0 },
    ...{ covered: { unit: 'package', min: 1 }, databaseAgeMaxMs: 432_000_000 },
    exceptStable: false,
  });
});
