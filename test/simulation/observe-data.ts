/** What must hold of a service's data whatever happens: no write is lost, and only what was tried on a copy is applied. */
import type { Recorded } from './recorded.ts';
import type { Expectation, Report, Sight } from './sight.ts';

interface Looked {
  readonly report: Report;
  readonly recorded: Recorded;
  readonly expected: Expectation;
  readonly sight: Sight;
}

/** Each must have passed before the schema is touched. */
const BEFORE_APPLYING = [
  'note-schema-before',
  'check-data-before',
  'secure-data',
  'rehearse-migrations',
];

export function checkData({ report, recorded, expected, sight: { data } }: Looked): void {
  if (!data) return;
  const { rows, acknowledged, applied } = data;
  if (rows < acknowledged) report('I10', `${acknowledged - rows} acknowledged writes are lost.`);
  if (!data.suitsStable) report('I10', 'The release before cannot live with its database.');
  if (applied.length === 0) return;
  if (applied.join() !== expected.migrations.slice(0, applied.length).join()) {
    report('I10', `Applied were ${applied.join(', ')}.`);
  }
  for (const step of BEFORE_APPLYING) {
    if (!recorded.passed.includes(step)) {
      report('I10', `${applied[0] ?? ''} was applied before ${step} had passed.`);
    }
  }
}

export function checkDataAtEnd({ report, expected, sight: { data, status } }: Looked): void {
  if (!data) return;
  const { applied, copies } = data;
  const { migrations, isFoundOnCopy, hasFaults } = expected;
  if (status === 'promoted' && applied.length < migrations.length) {
    report('I10', `Promoted with ${applied.length} of ${migrations.length} migrations.`);
  }
  if (isFoundOnCopy && applied.length > 0) {
    report('I10', 'A migration was applied that trying it must have stopped.');
  }
  if (!hasFaults && copies > 0) report('I11', `${copies} of what was restored is there yet.`);
}
