import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import { hazards } from '../../src/core/migration/hazards.ts';
import { strongestLock } from '../../src/core/migration/lock-mode.ts';
import { expectedJudgements } from './expected-judgements.ts';
import { judged, migrationText } from './read-migration.ts';

for (const { file, migrationClass, lock, hazards: expected } of expectedJudgements) {
  test(`${file} is ${migrationClass}${expected.length === 0 ? '' : `: ${expected.join(', ')}`}`, async () => {
    const judgement = await judged(migrationText(file));

    assert.deepEqual(
      {
        migrationClass: judgement.migrationClass,
        lock: strongestLock(judgement.touches.map((touch) => touch.lock)),
        hazards: [...new Set(judgement.findings.map(({ hazard }) => hazard))].toSorted(),
      },
      { migrationClass, lock, hazards: expected.toSorted() },
    );
  });
}

test('each file is in the table, and each hazard has its safe twin', () => {
  const files = readdirSync(import.meta.dirname).filter((file) =>
    /\.(?:hazard|safe)\.sql$/.test(file),
  );
  const twins = files
    .filter((file) => file.endsWith('.hazard.sql'))
    .map((file) => file.replace('.hazard.', '.safe.'));

  assert.deepEqual(expectedJudgements.map(({ file }) => file).toSorted(), files.toSorted());
  assert.deepEqual(
    twins.filter((file) => !files.includes(file)),
    [],
  );
});

test('what is safe is never dangerous, and what is open in it has been answered', async () => {
  for (const { file } of expectedJudgements.filter(({ file: name }) =>
    name.endsWith('.safe.sql'),
  )) {
    const { findings, migrationClass } = await judged(migrationText(file));

    assert.deepEqual(
      findings.filter(({ group }) => group === 'danger'),
      [],
      file,
    );
    assert.notEqual(migrationClass, 'unknown', file);
  }
});

test('nearly every hazard is shown by a file of its own', () => {
  const shown = new Set(expectedJudgements.flatMap(({ hazards: expected }) => expected));

  assert.deepEqual(
    Object.keys(hazards).filter((hazard) => !shown.has(hazard as never)),
    ['statement-unknown'],
  );
});
