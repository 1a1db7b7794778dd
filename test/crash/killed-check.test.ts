/** `surefoot check` killed while its tools, its preview and the database of that are there. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runSurefoot } from '../../tools/stand/run-surefoot.ts';
import { identifyProcess, isSameProcess } from '../../src/platform/process-identity.ts';
import { stateDirectoryAt } from '../../src/platform/state-directory.ts';
import { removePostgres } from '../../src/platform/stop-postgres.ts';
import { crashTestOptions } from '../support/crash-runs.ts';
import { until } from '../support/until.ts';
import { surefootProgram } from '../../tools/stand/surefoot-program.ts';

/** Both tell where they are, and stay; the second one leaves a process in a session of its own as well. */
const TELLS = `
  const told = (name, more) => require('node:fs').writeFileSync(
    require('node:path').join(process.env.TOLD, name),
    JSON.stringify({ pid: process.pid, folder: process.cwd(), ...more }),
  );
`;
const SERVER = `${TELLS}
  told('preview', { database: new URL(process.env.DB).searchParams.get('host') });
  require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.PORT);
`;
const TOOL = `${TELLS}
  const stays = ['-e', 'setInterval(() => undefined, 1000)'];
  const child = require('node:child_process').spawn(process.execPath, stays, { detached: true });
  told('tool', { child: child.pid });
  setInterval(() => undefined, 1000);
`;

const configOf = (told: string): string => `version: 1
system: shop
environments: { production: {} }
services:
  shop:
    release: { path: '{version}' }
    target: { driver: local, command: [node, server.js], instances: 1, env: { TOLD: ${told} } }
    balancer: { driver: edge, listen: '127.0.0.1:8080' }
    probes: [{ name: open, driver: tcp }]
    validation:
      preview: { database: { engine: postgres, variable: DB } }
      checks:
        quick: { run: [node, -e, ''] }
        slow: { run: [node, tool.js], env: { TOLD: ${told} }, preview: true }
`;

interface Told {
  readonly pid: number;
  readonly folder: string;
  readonly child?: number;
  readonly database?: string;
}

interface SlowCheck {
  readonly process: ChildProcess;
  /** What of it lives. */
  readonly living: () => Promise<readonly string[]>;
  /** What of it lies on the disk. */
  readonly lying: () => readonly string[];
}

/** Resolves when everything is there that it makes. */
async function aSlowCheck(t: TestContext, project: string, name: string): Promise<SlowCheck> {
  const told = join(project, name);
  mkdirSync(told);
  const config = join(project, `${name}.yaml`);
  writeFileSync(config, configOf(told));
  const child = spawn(
    process.execPath,
    [surefootProgram, '--state-dir', join(project, '.surefoot'), ...checks(config), 'slow'],
    {
      stdio: 'ignore',
    },
  );
  t.after(() => child.kill('SIGTERM'));
  const isTold = (who: string): boolean => {
    const path = join(told, who);
    // It is there before anything is in it.
    return existsSync(path) && readFileSync(path, 'utf8').endsWith('}');
  };
  await until('the tool runs', () => isTold('preview') && isTold('tool'));
  const read = (who: string): Told => JSON.parse(readFileSync(join(told, who), 'utf8')) as Told;
  const [preview, tool] = [read('preview'), read('tool')];
  const database = preview.database ?? '';
  const [postgres = ''] = readFileSync(join(database, '../data/postmaster.pid'), 'utf8').split(
    '\n',
  );
  const pids = { preview: preview.pid, tool: tool.pid, child: tool.child ?? 0, postgres };
  const processes = await Promise.all(
    Object.entries(pids).map(async ([who, pid]) => [who, await identifyProcess(+pid)] as const),
  );
  return {
    process: child,
    async living() {
      const found = await Promise.all(
        processes.map(async ([who, found]) => (found && (await isSameProcess(found)) ? [who] : [])),
      );
      return found.flat();
    },
    lying: () => [preview.folder, tool.folder, database].filter((path) => existsSync(path)),
  };
}

function checks(config: string): readonly string[] {
  return ['--config', config, 'check', '--release', '1'];
}

const ALL = ['preview', 'tool', 'child', 'postgres'];

function aProject(t: TestContext): string {
  const project = mkdtempSync(join(tmpdir(), 'sf-'));
  t.after(async () => {
    await surefoot(project, 'down', '--force');
    await removePostgres(stateDirectoryAt(join(project, '.surefoot')));
    rmSync(project, { recursive: true, force: true });
  });
  mkdirSync(join(project, '1'));
  writeFileSync(join(project, '1', 'server.js'), SERVER);
  writeFileSync(join(project, '1', 'tool.js'), TOOL);
  return project;
}

function surefoot(project: string, ...words: readonly string[]) {
  const args = ['--state-dir', join(project, '.surefoot'), ...words];
  return runSurefoot({ args, cwd: project, env: {} });
}

/** Resolves when nothing but what it has left is there. */
async function aKilledCheck(t: TestContext, project: string, name: string): Promise<SlowCheck> {
  const check = await aSlowCheck(t, project, name);
  check.process.kill('SIGKILL');
  await once(check.process, 'exit');
  assert.deepEqual(await check.living(), ALL);
  return check;
}

test(
  'what a killed check has left is cleared by the next one, and what a living one has is not',
  crashTestOptions,
  async (t) => {
    const project = aProject(t);
    const lives = await aSlowCheck(t, project, 'lives');
    const killed = await aKilledCheck(t, project, 'killed');

    const next = await surefoot(project, ...checks(join(project, 'lives.yaml')), 'quick');

    assert.equal(next.exitCode, 0, next.stderr);
    assert.deepEqual([await killed.living(), killed.lying()], [[], []]);
    assert.deepEqual([await lives.living(), lives.lying().length], [ALL, 3]);

    lives.process.kill('SIGTERM');
    await once(lives.process, 'exit');
    assert.deepEqual([await lives.living(), lives.lying()], [[], []]);
    assert.deepEqual(readdirSync(join(project, '.surefoot', 'running-checks')), ['lock']);
  },
);

test('so it is when the server starts, and when all is stopped', crashTestOptions, async (t) => {
  const project = aProject(t);

  const first = await aKilledCheck(t, project, 'first');
  assert.equal((await surefoot(project, 'up')).exitCode, 0);
  await until('the server has cleared it', async () => (await first.living()).length === 0);
  await until('its folders are gone, too', () => first.lying().length === 0);

  const second = await aKilledCheck(t, project, 'second');
  assert.equal((await surefoot(project, 'down')).exitCode, 0);
  assert.deepEqual([await second.living(), second.lying()], [[], []]);
});
