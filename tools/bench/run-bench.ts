/**
 * The frame of every bench: progress goes to stderr, the result to stdout, as one JSON object with
 * `--json` and as a table without. The exit code says whether every goal was met.
 */
import { readOptions } from '../command-line/read-options.ts';
import { runCommand } from '../command-line/run-command.ts';
import { distributionCells, type Distribution } from './distribution.ts';

export interface Goal {
  readonly goal: string;
  readonly limit: number;
  /** Null when nothing was measured, which meets no goal. */
  readonly measured: number | null;
  readonly met: boolean;
}

export interface BenchResult {
  readonly bench: string;
  readonly goals: readonly Goal[];
  /** Times in ms by what was measured, for the table. */
  readonly distributions: Readonly<Record<string, Distribution | null>>;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly tables?: readonly Table[];
}

export interface Table {
  readonly title: string;
  /** The first is the head, the first cell of each its name. */
  readonly rows: readonly (readonly string[])[];
}

export type Say = (text: string) => void;

export function atMost(goal: string, measured: number | null, limit: number): Goal {
  return { goal, limit, measured, met: measured !== null && measured <= limit };
}

export function atLeast(goal: string, measured: number, limit: number): Goal {
  return { goal, limit, measured, met: measured >= limit };
}

type Texts = Readonly<Record<string, string>>;

/** Ends the process: what a bench used, such as the durable engine, may know no other end. */
export async function runBench(
  measure: (say: Say, given: Texts) => Promise<BenchResult>,
  /** Options of this one, with what they are when they are not given. */
  own: Texts = {},
): Promise<never> {
  await runCommand(() => benched(measure, own));
  process.exit();
}

/** 1 when a goal was missed. */
async function benched(
  measure: (say: Say, given: Texts) => Promise<BenchResult>,
  own: Texts,
): Promise<number> {
  const texts = Object.entries(own).map(
    ([name, text]) => [name, { type: 'string', default: text }] as const,
  );
  const { json, ...given } = readOptions({
    ...Object.fromEntries(texts),
    json: { type: 'boolean', default: false },
  });
  const say: Say = (text) => process.stderr.write(`${text}\n`);
  const result = await measure(say, given);
  const text = json ? JSON.stringify(result) : tableOf(result).join('\n');
  await new Promise((resolve) => process.stdout.write(`${text}\n`, resolve));
  return result.goals.every((goal) => goal.met) ? 0 : 1;
}

function tableOf({ goals, distributions, facts, tables = [] }: BenchResult): readonly string[] {
  const rows = Object.entries(distributions).map(([name, distribution]) => [
    name,
    ...distributionCells(distribution),
  ]);
  return [
    ...(rows.length > 0 ? aligned([['ms', 'count', 'median', 'p95', 'p99', 'max'], ...rows]) : []),
    ...tables.flatMap(({ title, rows: cells }) => [title, ...aligned(cells), '']),
    ...Object.entries(facts).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    ...goals.map(
      ({ goal, limit, measured, met }) =>
        `${met ? '✓' : '✗'} ${goal}: ${measured ?? 'not measured'} (goal ${limit})`,
    ),
  ];
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(column === 0 ? 0 : 10, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map(([name = '', ...cells]) =>
    [
      name.padEnd(widths[0] ?? 0),
      ...cells.map((cell, at) => cell.padStart(widths[at + 1] ?? 0)),
    ].join(' '),
  );
}
