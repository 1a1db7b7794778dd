/** A database that only writes down what node-pg-migrate tells it, for each of its migrations. */
import type { Printed } from './print-scripts.ts';

interface WrittenDown {
  readonly client: { readonly query: (asked: unknown) => Promise<{ readonly rows: object[] }> };
  readonly logger: Readonly<Record<'info' | 'warn' | 'error', (line: string) => void>>;
  /** The file of the migration that was being made when all of it failed. */
  readonly failedIn: () => string | null;
}

interface State {
  /** `asking` for what was applied, `making` a migration, and telling of one. */
  phase: 'asking' | 'making' | 'telling';
  /** Of those to come, in their order. */
  readonly open: string[];
  steps: string[];
  hasAsked: boolean;
}

const ASKS = 'it asks the database while it is made';

/** `printed` is added to; what it knows counts as applied. */
export function writtenDown(names: readonly string[], printed: Map<string, Printed>): WrittenDown {
  const state: State = { phase: 'asking', open: [], steps: [], hasAsked: false };
  const fileOf = new Map(names.map((name) => [name.replace(/\.[^.]*$/, ''), name]));
  return {
    client: { query: (asked) => answer(textOf(asked), state, { fileOf, printed }) },
    logger: {
      info(line) {
        if (line.startsWith('> Migrating files')) state.phase = 'making';
        const [, coming] = /^> - (.*)$/.exec(line) ?? [];
        if (coming !== undefined) state.open.push(coming);
        if (/^### MIGRATION .* \(UP\) ###$/.test(line)) state.phase = 'telling';
      },
      warn: () => undefined,
      error: () => undefined,
    },
    failedIn: () => (state.phase === 'asking' ? null : (fileOf.get(state.open[0] ?? '') ?? null)),
  };
}

function textOf(asked: unknown): string {
  if (typeof asked === 'string') return asked;
  return String((asked as { readonly text?: unknown }).text);
}

async function answer(
  text: string,
  state: State,
  known: {
    readonly fileOf: ReadonlyMap<string, string>;
    readonly printed: Map<string, Printed>;
  },
): Promise<{ readonly rows: object[] }> {
  switch (state.phase) {
    case 'asking':
      return { rows: asWithTables(text, [...known.printed.keys()]) };
    case 'making':
      // It may go on as if nothing were.
      state.hasAsked = true;
      throw new Error(ASKS);
    case 'telling':
      state.steps.push(text);
      if (isLast(state)) finish(state, known);
      return Promise.resolve({ rows: [] });
  }
}

/** There are both of its tables, with what is known already. */
function asWithTables(text: string, names: readonly string[]): object[] {
  if (text.includes('information_schema.tables')) return [{ table_name: 'pgmigrations' }];
  if (text.includes('information_schema.table_constraints')) return [{ constraint_name: 'id' }];
  if (!/^SELECT name FROM/i.test(text)) return [];
  return names.map((name) => ({ name: name.replace(/\.[^.]*$/, '') }));
}

const RECORD = /^INSERT INTO .* \(name, run_on\) VALUES \('.*', NOW\(\)\);$/;

/** Its record comes last, or before the end of the transaction that it began with. */
function isLast({ steps }: State): boolean {
  const isTransaction = steps[0] === 'BEGIN;';
  const end = isTransaction && steps.at(-1) === 'COMMIT;' ? -2 : -1;
  const isRecorded = steps.length > 0 && RECORD.test(steps.at(end) ?? '');
  return isRecorded && (!isTransaction || end === -2);
}

function finish(
  state: State,
  {
    fileOf,
    printed,
  }: { readonly fileOf: ReadonlyMap<string, string>; readonly printed: Map<string, Printed> },
): void {
  const name = fileOf.get(state.open.shift() ?? '');
  const isTransaction = state.steps[0] === 'BEGIN;';
  const steps = isTransaction ? state.steps.slice(1, -2) : state.steps.slice(0, -1);
  if (name !== undefined) printed.set(name, printedOf(steps, isTransaction, state.hasAsked));
  state.steps = [];
  state.hasAsked = false;
  state.phase = 'making';
}

function printedOf(steps: readonly string[], isTransaction: boolean, hasAsked: boolean): Printed {
  if (hasAsked) return { kind: 'unread', because: `${ASKS}.` };
  if (!isTransaction && steps.length > 1) {
    const because = 'it runs several statements outside of a transaction: make a file of each.';
    return { kind: 'unread', because };
  }
  return { kind: 'read', steps: [...steps], isTransaction };
}
