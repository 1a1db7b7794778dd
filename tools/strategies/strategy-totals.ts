/** What a whole run comes to, strategy by strategy. */
import type { DemoRow } from '../demo/demo-row.ts';
import { textTable } from '../command-line/text-table.ts';
import type { Trial } from './trial.ts';

export type JudgedTrial = Trial & { readonly row: DemoRow };

export function strategyTotals(trials: readonly JudgedTrial[]): string {
  const groups = Map.groupBy(trials, ({ strategy }) => strategy);
  return textTable(
    ['strategy', 'requests', 'good promoted', 'bad reverted', 'idempotent errors'].concat(
      'other errors',
    ),
    [...groups].map(([strategy, group]) => {
      const good = group.filter(({ fault }) => fault === null);
      const bad = group.filter(({ fault }) => fault !== null);
      const idempotent = sum(group, ({ row }) => row.idempotentErrors);
      return [
        strategy,
        String(sum(group, ({ row }) => row.requests)),
        `${ended(good, 'promoted')} of ${good.length}`,
        `${ended(bad, 'reverted')} of ${bad.length}`,
        String(idempotent),
        String(sum(group, ({ row }) => row.clientErrors) - idempotent),
      ];
    }),
    1,
  );
}

function ended(trials: readonly JudgedTrial[], outcome: DemoRow['outcome']): number {
  return trials.filter(({ row }) => row.outcome === outcome).length;
}

function sum(trials: readonly JudgedTrial[], of: (trial: JudgedTrial) => number): number {
  return trials.reduce((total, trial) => total + of(trial), 0);
}
