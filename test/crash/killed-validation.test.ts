/** The server killed while the checks of a deployment run, with a preview and its database. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from '../../src/engine/validation/scratch-folder.ts';
import { findLaunchedProcesses } from '../../src/platform/launched-processes.ts';
import { readPostgresPlace } from '../../src/platform/postgres-place.ts';
import { readPostmaster } from '../../src/platform/postmaster.ts';
import { stateDirectoryAt } from '../../src/platform/state-directory.ts';
import { judgeEnd } from '../../tools/crash/judge-end.ts';
import { openNewsroomStand, standRollout } from '../../tools/stand/newsroom-stand.ts';
import { crashTestOptions } from '../support/crash-runs.ts';
import { until } from '../support/until.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Tells each time that it runs, and stays when it is asked to, which counts once. */
const ASKED = `
  const fs = require('node:fs');
  const { cwd, env } = process;
  fs.appendFileSync(env.TOLD + '/runs', JSON.stringify({ folder: cwd(), launch: env.SUREFOOT_LAUNCH }) + '\\n');
  if (fs.existsSync(env.TOLD + '/stay')) {
    fs.rmSync(env.TOLD + '/stay');
    setInterval(() => undefined, 1000);
  }
  console.log('{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"asks"}},"artifacts":[{}],"results":[]}]}');
`;

interface ToldRun {
  readonly folder: string;
  readonly launch: string;
}

function toldIn(folder: string): readonly ToldRun[] {
  const path = join(folder, 'runs');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ToldRun);
}

test(
  'a deployment whose server is killed in its checks passes them once more, and nothing is left of the first time',
  crashTestOptions,
  async (t) => {
    const told = temporaryFolder(t);
    const report = { driver: 'sarif' };
    const asks = { run: ['node', '-e', ASKED], env: { TOLD: told }, preview: true, report };
    const validation = { preview: { database: { engine: 'postgres' } }, checks: { asks } };
    const stand = await openNewsroomStand({
      ...standRollout,
      validation: JSON.stringify(validation),
    });
    t.after(() => stand.close());
    assert.equal((await stand.surefoot(['up'])).exitCode, 0);
    const runs = (): readonly ToldRun[] => toldIn(told);
    writeFileSync(join(told, 'stay'), '');

    const deployed = stand.deploy('1.0');
    await until('the check runs', () => runs().length === 1 && !existsSync(join(told, 'stay')));
    const [{ folder, launch } = { folder: '', launch: '' }] = runs();
    const whole = launch.split('/')[0] ?? '';
    const database = scratchFolder(join(dirname(folder), 'preview'));
    const data = (await readPostgresPlace(stateDirectoryAt(database)))?.dataDirectory ?? '';
    const left = async () => ({
      processes: (await findLaunchedProcesses(whole, null)).length,
      postgres: (await readPostmaster(data)).kind,
      folders: [dirname(folder), database].filter((path) => existsSync(path)).length,
    });
    assert.deepEqual(await left(), { processes: 2, postgres: 'running', folders: 2 });
    process.kill(await stand.pidOf('server'), 'SIGKILL');
    const summary = await deployed;

    assert.equal(summary.outcome, 'promoted');
    assert.deepEqual((await judgeEnd(stand, 'd1')).violations, []);
    assert.equal(runs().length, 2);
    assert.deepEqual(await left(), { processes: 0, postgres: 'none', folders: 0 });
  },
);
