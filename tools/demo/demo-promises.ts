/** What the demo promises, each with what was found; its exit code is that all of them were kept. */
import type { Exposure } from '../../src/core/deployment/deployment-summary.ts';
import type { LoadReport } from '../load/start-load.ts';
import type { DemoRow } from './demo-row.ts';

export interface DemoPromise {
  readonly promise: string;
  readonly kept: boolean;
  readonly found: string;
}

export interface DemoFacts {
  readonly deployments: readonly JudgedDeployment[];
  readonly load: LoadReport;
  /** The server's process was killed during 4.0 and is gone. */
  readonly killed: boolean;
}

export interface JudgedDeployment {
  readonly row: DemoRow;
  /** Failed idempotent requests that were sent, or still waited, once the candidate had no traffic. */
  readonly idempotentErrorsAfterZero: number;
  /** What the record says that clients saw fail. */
  readonly recorded: Pick<Exposure, 'clientErrors' | 'idempotentClientErrors'>;
}

const goodReleases: readonly string[] = ['1.0', '2.0', '4.0'];

export function demoPromises({ deployments, load, killed }: DemoFacts): readonly DemoPromise[] {
  const good = deployments.filter(({ row }) => goodReleases.includes(row.release));
  const bad = deployments.filter(({ row }) => !goodReleases.includes(row.release));
  const outcomes = deployments.map(({ row }) => `${row.release} ${row.outcome}`).join(', ');
  const goodErrors = sum(good, ({ row }) => row.clientErrors);
  const lateErrors = sum(bad, ({ idempotentErrorsAfterZero }) => idempotentErrorsAfterZero);
  return [
    {
      promise: 'good releases are promoted, bad ones reverted',
      kept:
        good.every(({ row }) => row.outcome === 'promoted') &&
        bad.every(({ row }) => row.outcome === 'reverted'),
      found: outcomes,
    },
    {
      promise: 'good releases cost no client an error',
      kept: goodErrors === 0,
      found: `${goodErrors} errors`,
    },
    {
      promise: 'once a bad release has no traffic, no request that is safe to repeat fails',
      kept: lateErrors === 0,
      found: `${lateErrors} errors`,
    },
    everyFailureIsRecorded(deployments, load),
    {
      promise: 'the server was killed in the middle of 4.0',
      kept: killed,
      found: killed ? 'its process is gone' : 'it was not',
    },
    {
      promise: 'every acknowledged write is there exactly once',
      kept: load.verification?.holds === true,
      found: JSON.stringify(load.verification),
    },
  ];
}

/**
 * Each deployment's record covers what was seen under it: one that says too much makes up for none
 * that says too little. A failure under no deployment is in no record.
 */
function everyFailureIsRecorded(
  deployments: readonly JudgedDeployment[],
  { summary }: LoadReport,
): DemoPromise {
  const seen = summary.failed + summary.unknown;
  const outside = seen - sum(deployments, ({ row }) => row.clientErrors);
  const records = deployments
    .filter(({ row, recorded }) => row.clientErrors + recorded.clientErrors > 0)
    .map(
      ({ row, recorded }) =>
        `${row.release}: ${recorded.clientErrors} recorded of ${row.clientErrors}` +
        ` (safe to repeat: ${recorded.idempotentClientErrors} of ${row.idempotentErrors})`,
    );
  return {
    promise: 'every failure that a client saw is in the record',
    kept: outside === 0 && deployments.every(isCovered),
    found: [`${seen} seen, ${outside} of them under no deployment`, ...records].join('; '),
  };
}

function isCovered({ row, recorded }: JudgedDeployment): boolean {
  return (
    row.clientErrors <= recorded.clientErrors &&
    row.idempotentErrors <= recorded.idempotentClientErrors
  );
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
