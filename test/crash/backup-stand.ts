/** A PostgreSQL server that is backed up by processes of `surefoot backup`, which are killed or stopped in the middle. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { aProject } from '../cli/project-builder.ts';
import { runCommand } from '../cli/run-command.ts';
import { until } from '../support/until.ts';
import { backedUpConfig } from './backed-up-config.ts';
import { surefootProgram } from '../../tools/stand/surefoot-program.ts';

const REACHED_MS_MAX = 60_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface RunningBackup {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly state?: string;
}

export type BackupStand = ReturnType<typeof aBackupStand>;

/** Of the server at this URL. */
export function aBackupStand(t: TestContext, url: string) {
  const folder = aProject(t, {
    config: backedUpConfig({ main: `{ driver: pg-base, url: '${url}', age: 24h, parts: 1 }` }),
  });
  // What is restored lies here, where the user that PostgreSQL runs as can come.
  const scratch = mkdtempSync(join(tmpdir(), 'sf-'));
  chmodSync(scratch, 0o711);
  t.after(() => rmSync(scratch, { recursive: true, force: true }));
  const state = join(folder, '.surefoot');
  const kept = join(state, 'backups/production/newsroom/main');
  const start = (...args: readonly string[]) => startBackup(args, { folder, scratch });
  return {
    ...{ folder, kept, scratch, state, start },
    /** In blocks of 512 bytes: as full as a disk is for each file that is longer. */
    startWithin: (blocks: number, ...args: readonly string[]) =>
      startBackup(args, { folder, scratch, blocks }),
    async list(): Promise<readonly Listed[]> {
      const { code, out, err } = await runCommand(['backup', 'list', '--json'], { cwd: folder });
      assert.equal(code, 0, err);
      return (JSON.parse(out) as { readonly backups: readonly Listed[] }).backups;
    },
    storedFiles: () => filesBelow(kept),
    restoredFolders: () => readdirSync(scratch).map((name) => join(scratch, name)),
    postmasterFile: () => postmasterFileIn(scratch),
    left: () => leftOf({ kept, scratch, state }),
  };
}

function startBackup(
  args: readonly string[],
  place: { readonly folder: string; readonly scratch: string; readonly blocks?: number },
): RunningBackup {
  const { folder, scratch, blocks } = place;
  const command = [process.execPath, surefootProgram, 'backup', ...args];
  const limited = ['/bin/sh', '-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', ...command];
  const [program = '', ...rest] = blocks === undefined ? command : limited;
  const env = { PATH: process.env['PATH'] ?? '', TMPDIR: scratch };
  const child = spawn(program, rest, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const ended = once(child, 'close').then(([code, signal]) => ({
    ...{ code: code as number | null, signal: signal as NodeJS.Signals | null, out, err },
  }));
  return { child, ended };
}

/** Strikes at the first moment at which it is so; fails when it never is. */
export async function strikeWhen(
  { child, ended }: RunningBackup,
  signal: NodeJS.Signals,
  isSo: () => boolean,
): Promise<void> {
  const sinceMs = performance.now();
  while (!isSo()) {
    if (child.exitCode !== null || performance.now() - sinceMs > REACHED_MS_MAX) {
      child.kill('SIGKILL');
      assert.fail(`It never came to where it is struck: ${JSON.stringify(await ended)}`);
    }
    await delay(1);
  }
  child.kill(signal);
}

/** Paths below a folder that may change meanwhile, or not be there. */
function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true }).map(String);
}

export function hasBytes(folder: string, name: string): boolean {
  return (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function postmasterFileIn(scratch: string): string | null {
  const [restored] = readdirSync(scratch);
  const path = join(scratch, restored ?? '-', 'postgres/data/postmaster.pid');
  return existsSync(path) && readFileSync(path, 'utf8') !== '' ? path : null;
}

/** What should not be there when nobody works at backups; a line each. */
function leftOf(of: {
  readonly kept: string;
  readonly scratch: string;
  readonly state: string;
}): readonly string[] {
  const stored = filesBelow(of.kept).filter((path) => path.includes('/'));
  const ids = new Set(stored.map((path) => path.split('/')[0] ?? ''));
  return [
    ...readdirSync(of.scratch),
    ...stored.filter((path) => path.endsWith('.tmp')),
    ...[...ids].filter((id) => !stored.includes(`${id}/manifest.json`)),
    ...['storing', 'restoring', 'using'].flatMap((notes) =>
      filesBelow(join(of.state, notes)).filter((name) => name.endsWith('.json')),
    ),
    ...processesBelow(of.scratch),
  ];
}

function processesBelow(folder: string): readonly string[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const place = readlinkSync(join('/proc', name, 'cwd'));
      return place.startsWith(folder) ? [`process ${name} in ${place}`] : [];
    } catch {
      // Ended meanwhile, or no process.
      return [];
    }
  });
}

/** What is backed up: nothing of it changes, and nothing stays in its server. */
export async function sourceOf(url: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const ask = async (query: string) =>
      (await client.query<{ found: string }>(query)).rows[0]?.found;
    const sessions =
      "SELECT count(*)::text AS found FROM pg_stat_activity WHERE application_name = 'surefoot'";
    // A session whose client was killed ends when it next looks.
    await until('its sessions have ended', async () => (await ask(sessions)) === '0');
    return {
      rows: await ask(
        "SELECT count(*) || ' ' || sum(hashtextextended(a::text, 0)) AS found FROM articles AS a",
      ),
      slots: await ask('SELECT count(*)::text AS found FROM pg_replication_slots'),
    };
  } finally {
    await client.end();
  }
}
