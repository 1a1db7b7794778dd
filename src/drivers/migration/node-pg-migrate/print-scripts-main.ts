/**
 * A program: has node-pg-migrate carry out scripts on a database that only writes down what it is told. It is node-pg-migrate
 * as a whole that runs, by what it offers everybody, so that each version prints what it would do.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Printed } from './print-scripts.ts';
import { writtenDown } from './written-down.ts';

interface Asked {
  readonly folder: string;
  readonly names: readonly string[];
  readonly schema: readonly string[];
  readonly output: string;
}

type Runner = (options: object) => Promise<unknown>;

interface Tool {
  readonly runner?: Runner;
  readonly default?: Runner | { readonly default?: Runner };
}

async function printAll(asked: Asked): Promise<ReadonlyMap<string, Printed>> {
  const runner = await findRunner(asked.folder);
  if (runner === null) {
    const because = 'node-pg-migrate is in no node_modules above it.';
    return new Map(asked.names.map((name) => [name, { kind: 'unread', because }]));
  }
  const printed = new Map<string, Printed>();
  // Each round has at least one more to tell of: what fails ends it.
  while (printed.size < asked.names.length) {
    const before = printed.size;
    await printRound(runner, asked, printed);
    if (printed.size === before) break;
  }
  return printed;
}

/** Of the project: another version might print something else. */
async function findRunner(folder: string): Promise<Runner | null> {
  let path: string;
  try {
    path = createRequire(join(folder, 'any.js')).resolve('node-pg-migrate');
  } catch {
    // It says no more than that it is not there.
    return null;
  }
  const tool = (await import(pathToFileURL(path).href)) as Tool;
  const { default: usual } = tool;
  return tool.runner ?? (typeof usual === 'function' ? usual : usual?.default) ?? null;
}

async function printRound(
  runner: Runner,
  { folder, names, schema }: Asked,
  printed: Map<string, Printed>,
): Promise<void> {
  const written = writtenDown(names, printed);
  try {
    await runner({
      ...{ dbClient: written.client, logger: written.logger, dir: folder, schema: [...schema] },
      ...{ migrationsTable: 'pgmigrations', direction: 'up', count: Infinity },
      ...{ noLock: true, checkOrder: false, singleTransaction: false },
      // Neither SQL nor what is no migration.
      ignorePattern: '(?:\\..*|(?!.*\\.[cm]?[jt]s$).*)',
    });
  } catch (error) {
    const because = `${error instanceof Error ? error.message : String(error)}.`;
    const failed = written.failedIn();
    const concerned = failed === null ? names.filter((name) => !printed.has(name)) : [failed];
    for (const name of concerned) printed.set(name, { kind: 'unread', because });
  }
}

const asked = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Asked;
await writeFile(asked.output, JSON.stringify([...(await printAll(asked))]));
// A script may have left something that goes on.
process.exit(0);
