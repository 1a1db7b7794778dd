/** `surefoot backup restore --switch` and `--back`, struck at each of the calls by which they change something. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test, type TestContext } from 'node:test';
import { Client } from 'pg';
import { databaseSwitchNames, pathSwitchNames } from '../../src/core/backup/switch-names.ts';
import { aProject } from '../cli/project-builder.ts';
import { runCommand } from '../cli/run-command.ts';
import { crashTestOptions } from '../support/crash-runs.ts';
import { packagedServer } from '../support/packaged-server.ts';
import { backedUpConfig } from './backed-up-config.ts';
import { surefootProgram } from '../../tools/stand/surefoot-program.ts';

const strikePath = new URL('strike-call.ts', import.meta.url).href;

/** `other`: neither whole. */
type Content = 'old' | 'new' | 'none' | 'other';

interface Ground {
  /** What is declared under `backups`. */
  readonly declared: string;
  readonly strikeAt: string;
  readonly nameOf: (which: 'live' | 'kept' | 'undone' | 'restored', id: string) => string;
  /** What is live is this then, and nothing lies beside it. */
  readonly reset: (to: 'old' | 'new', id: string) => Promise<void>;
  readonly contentOf: (name: string) => Promise<Content>;
}

interface Struck {
  readonly isStruck: boolean;
  readonly end: number | NodeJS.Signals;
  readonly err: string;
}

interface Stand extends Ground {
  readonly id: string;
  readonly run: (...args: readonly string[]) => ReturnType<typeof runCommand>;
  readonly struck: (strike: string, way: string) => Promise<Struck>;
  readonly found: () => Promise<Readonly<Record<'live' | 'kept' | 'undone', Content>>>;
}

/** The backup has what is new: so what is live becomes another one. */
async function aStand(t: TestContext, folder: string, ground: Ground): Promise<Stand> {
  const { declared, strikeAt, nameOf, contentOf, reset } = ground;
  writeFileSync(join(folder, 'surefoot.yaml'), backedUpConfig({ main: declared }));
  const run = (...args: readonly string[]) => runCommand(['backup', ...args], { cwd: folder });
  await reset('new', '');
  const taken = await run('take', '--json');
  assert.equal(taken.code, 0, taken.err);
  const { id } = JSON.parse(taken.out) as { readonly id: string };
  t.diagnostic(id);
  const contentAt = (which: 'live' | 'kept' | 'undone') => contentOf(nameOf(which, id));
  return {
    ...ground,
    ...{ id, run },
    async struck(strike, way) {
      const argv = ['--import', strikePath, surefootProgram, 'backup', 'restore', id, way, '--yes'];
      const env = { PATH: process.env['PATH'] ?? '', STRIKE: strike, STRIKE_AT: strikeAt };
      const child = spawn(process.execPath, argv, {
        ...{ cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] },
      });
      let err = '';
      child.stderr.on('data', (text: Buffer) => (err += text.toString()));
      const [code, signal] = (await once(child, 'close')) as [number, NodeJS.Signals | null];
      return { isStruck: err.includes('STRUCK'), end: signal ?? code, err };
    },
    found: async () => ({
      ...{ live: await contentAt('live'), kept: await contentAt('kept') },
      undone: await contentAt('undone'),
    }),
  };
}

async function succeed(stand: Stand, way: '--switch' | '--back', step: string): Promise<void> {
  const { code, err } = await stand.run('restore', stand.id, way, '--yes');
  assert.equal(code, 0, `${step} ${way}: ${err}`);
}

const BOTH = new Set(['old', 'new']);

/** Both are there as a whole, and what is live is one of them; or nothing is, between two renames. */
async function assertWhole(stand: Stand, step: string, isFailure: boolean): Promise<void> {
  const { live, kept, undone } = await stand.found();
  assert.notEqual(live, 'other', step);
  assert.ok(live === 'old' || kept === 'old', `${step}: what was live is lost`);
  if (undone !== 'none') assert.ok(BOTH.has(undone), step);
  if (isFailure) assert.notEqual(live, 'none', `${step}: it could have been taken back`);
}

/** Of the many places of a switch every other; all with `SUREFOOT_STRIKES=all npm test -- killed-switch`. */
const STRIDE = process.env['SUREFOOT_STRIKES'] === 'all' ? 1 : 2;

/** Until one is struck behind its end. It is gone on with in the one way and in the other by turns. How many were struck. */
async function strikeAll(
  stand: Stand,
  {
    kind,
    way,
    isFailure = false,
    stride = way === '--switch' ? STRIDE : 1,
  }: { kind: string; way: '--switch' | '--back'; isFailure?: boolean; stride?: number },
): Promise<number> {
  const { id, reset } = stand;
  let struck = 0;
  for (let at = 1; ; at += stride) {
    const then = (struck % 2 === 1) === isFailure ? '--switch' : '--back';
    const step = `${way} ${kind} ${at}, then ${then}`;
    await reset('old', id);
    if (way === '--back') await succeed(stand, '--switch', step);

    const { isStruck, end, err } = await stand.struck(`${kind} ${at}`, way);
    await assertWhole(stand, step, isFailure);
    if (!isStruck) {
      assert.equal(end, 0, `${step}: ${err}`);
      return struck;
    }
    struck += 1;
    if (isFailure) assert.ok(end === 3 || end === 0, `${step}: ${err}`);
    else assert.equal(end, 'SIGKILL', step);
    await succeed(stand, then, step);

    const { live, kept } = await stand.found();
    if (then === '--switch') assert.deepEqual([live, kept], ['new', 'old'], step);
    else assert.equal(live, 'old', step);
  }
}

function filesGround(folder: string): Ground {
  const live = join(folder, 'uploads');
  const write = (text: string): void => {
    mkdirSync(join(live, 'sub'), { recursive: true });
    writeFileSync(join(live, 'sub/a'), text.repeat(1_000));
  };
  const textIn = (name: string) => [
    ...readdirSync(name, { recursive: true }).map(String).sort(),
    readFileSync(join(name, 'sub/a'), 'utf8'),
  ];
  const textOf = (text: string) => ['sub', 'sub/a', text.repeat(1_000)];
  return {
    declared: `{ driver: files, path: ${live}, age: 24h, parts: 1 }`,
    strikeAt: '/uploads',
    nameOf: (which, id) => pathSwitchNames(live, id)[which],
    async reset(to) {
      await Promise.resolve();
      for (const name of readdirSync(folder)) {
        if (name.startsWith('uploads')) rmSync(join(folder, name), { recursive: true });
      }
      write(to);
    },
    async contentOf(name) {
      await Promise.resolve();
      if (!existsSync(name)) return 'none';
      const text = JSON.stringify(textIn(name));
      return (['old', 'new'] as const).find((to) => JSON.stringify(textOf(to)) === text) ?? 'other';
    },
  };
}

function sqliteGround(folder: string): Ground {
  const live = join(folder, 'live.sqlite');
  return {
    declared: `{ driver: sqlite, path: ${live}, age: 24h, parts: 1 }`,
    strikeAt: '/live.sqlite',
    nameOf: (which, id) => pathSwitchNames(live, id)[which],
    async reset(to) {
      await Promise.resolve();
      for (const name of readdirSync(folder)) {
        if (name.startsWith('live.sqlite')) rmSync(join(folder, name));
      }
      const database = new DatabaseSync(live);
      database.exec(`
        PRAGMA journal_mode = WAL;
        CREATE TABLE words (word TEXT);
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
        INSERT INTO words SELECT '${to}' FROM n`);
      database.close();
    },
    async contentOf(name) {
      await Promise.resolve();
      if (!existsSync(name)) return 'none';
      const database = new DatabaseSync(name);
      try {
        const rows = database.prepare('SELECT word, count(*) AS n FROM words GROUP BY 1').all();
        const [row, ...others] = rows;
        if (others.length > 0 || row?.['n'] !== 500) return 'other';
        return row['word'] === 'old' ? 'old' : 'new';
      } finally {
        database.close();
      }
    },
  };
}

for (const [name, groundOf] of [
  ['files', filesGround],
  ['sqlite', sqliteGround],
] as const) {
  for (const way of ['--switch', '--back'] as const) {
    test(
      `${name}: ${way} that is killed, or has no room, at any step loses nothing and is gone on with`,
      crashTestOptions,
      async (t) => {
        const folder = aProject(t);
        const stand = await aStand(t, folder, groundOf(folder));
        const killed = await strikeAll(stand, { kind: 'file-kill', way });
        const failed = await strikeAll(stand, { kind: 'file-fail', way, isFailure: true });

        t.diagnostic(`${killed} places to kill, ${failed} to fail`);
        assert.ok(killed >= 3 && failed >= 3);
      },
    );
  }
}

const PROGRAMS = '/usr/lib/postgresql/15/bin';

describe('pg-dump', { skip: existsSync(PROGRAMS) ? false : "needs Debian's postgresql-15" }, () => {
  const server = packagedServer(PROGRAMS, 'chief');

  async function ask(query: string, database?: string): Promise<readonly { name: string }[]> {
    const client = new Client({ connectionString: server.url(database) });
    await client.connect();
    try {
      return (await client.query<{ name: string }>(query)).rows;
    } finally {
      await client.end();
    }
  }

  const thereNow = async (): Promise<readonly string[]> => {
    const query = "SELECT datname::text AS name FROM pg_database WHERE datname LIKE 'shop%'";
    return (await ask(query)).map(({ name }) => name);
  };

  const ground: Ground = {
    declared: '',
    strikeAt: 'pg_restore',
    nameOf: (which, id) => databaseSwitchNames('shop', id)[which],
    async reset(to) {
      for (const name of await thereNow()) {
        await server.run(`DROP DATABASE "${name}" WITH (FORCE)`);
      }
      await server.run('CREATE DATABASE shop');
      await server.run("COMMENT ON DATABASE shop IS 'the shop'");
      await server.run(
        `CREATE TABLE words AS SELECT '${to}' AS word FROM generate_series(1, 500)`,
        'shop',
      );
    },
    async contentOf(name) {
      if (!(await thereNow()).includes(name)) return 'none';
      const query = "SELECT word || ' ' || count(*) AS name FROM words GROUP BY word";
      const [found, ...others] = await ask(query, name);
      if (others.length > 0) return 'other';
      return (['old', 'new'] as const).find((to) => found?.name === `${to} 500`) ?? 'other';
    },
  };

  for (const way of ['--switch', '--back'] as const) {
    test(
      `pg-dump: ${way} that is killed, or loses the server, at any step leaves a whole one live`,
      crashTestOptions,
      async (t) => {
        const folder = aProject(t);
        const declared = `{ driver: pg-dump, url: '${server.url('shop')}', age: 24h, parts: 1 }`;
        const stand = await aStand(t, folder, { ...ground, declared });
        const killed = await strikeAll(stand, { kind: 'query-kill', way });
        const lost = await strikeAll(stand, { kind: 'query-sent-lost', way, isFailure: true });
        t.diagnostic(`${killed} places to kill, ${lost} to lose the server`);
        assert.ok(killed >= 4 && lost >= 4);
        if (way === '--switch')
          assert.equal(await strikeAll(stand, { kind: 'spawn-kill', way, stride: 1 }), 1);
      },
    );
  }
});
