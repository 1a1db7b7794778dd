/** What a migration of the simulated language makes of a database: a statement to a line. */
import { operationalError } from '../../../core/operational-error.ts';
import type { SimulatedContent } from '../../../platform/simulated-databases.ts';

type Tables = SimulatedContent['tables'];
type Table = Tables[string];

/** `table NAME`, `column TABLE NAME`, `drop TABLE NAME`, `add TABLE ROWS`, `lose TABLE ROWS`; what it `keeps` says something only. */
const STATEMENTS: Readonly<
  Record<string, (tables: Tables, table: string, argument: string) => Tables | string>
> = {
  table: (tables, name) =>
    name in tables
      ? `table "${name}" is there already`
      : { ...tables, [name]: { columns: [], rows: [] } },
  column: (tables, name, column) =>
    within(tables, name, (table) =>
      table.columns.includes(column)
        ? `column "${column}" is there already`
        : { ...table, columns: [...table.columns, column] },
    ),
  drop: (tables, name, column) =>
    within(tables, name, (table) =>
      table.columns.includes(column)
        ? { ...table, columns: table.columns.filter((each) => each !== column) }
        : `there is no column "${column}"`,
    ),
  add: (tables, name, rows) =>
    within(tables, name, (table) => ({ ...table, rows: [...table.rows, ...newRows(table, rows)] })),
  lose: (tables, name, rows) =>
    within(tables, name, (table) => ({ ...table, rows: table.rows.slice(Number(rows)) })),
  keeps: (tables) => tables,
};

/** Throws `migration-failed` with the line. */
export function changedBy(
  content: SimulatedContent,
  { name, text }: { readonly name: string; readonly text: string },
): SimulatedContent {
  let { tables } = content;
  for (const [at, line] of text.split('\n').entries()) {
    const [verb = '', table = '', argument = ''] = line.split(' ');
    const changed = STATEMENTS[verb]?.(tables, table, argument) ?? `"${verb}" is no statement`;
    if (typeof changed === 'string') {
      const message = `${name}, line ${at + 1}: ${changed}.`;
      throw operationalError('migration-failed', message, { effect: 'none' });
    }
    tables = changed;
  }
  return { ...content, tables };
}

/** Lines such as `keeps orders 5000`: for how long it keeps everybody from a table. */
export function lockedBy(text: string): {
  readonly tables: readonly string[];
  readonly ms: number;
} {
  const kept = text.split('\n').flatMap((line) => {
    const [verb, table = '', ms] = line.split(' ');
    return verb === 'keeps' ? [{ table, ms: Number(ms) }] : [];
  });
  return {
    tables: kept.map(({ table }) => table),
    ms: kept.reduce((sum, { ms }) => sum + ms, 0),
  };
}

function within(tables: Tables, name: string, change: (table: Table) => Table | string) {
  const table = tables[name];
  if (!table) return `there is no table "${name}"`;
  const changed = change(table);
  return typeof changed === 'string' ? changed : { ...tables, [name]: changed };
}

function newRows({ rows }: Table, count: string): readonly string[] {
  return Array.from({ length: Number(count) }, (_, at) => `row ${rows.length + at + 1}`);
}
