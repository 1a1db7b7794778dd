/** Two services behind an edge each, brought in, taken back and rolled back together, for real and under load. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { StatusAnswer } from '../../src/api/contract/answers.ts';
import { readHistory } from '../../tools/load/history.ts';
import { startLoadProcess } from '../../tools/load/start-load-process.ts';
import { freePort } from '../../tools/stand/free-port.ts';
import {
  openNewsroomStand,
  standRollout,
  type NewsroomStand,
} from '../../tools/stand/newsroom-stand.ts';

const loadClient = new URL('../../tools/load/load-client.ts', import.meta.url).pathname;

test('two services go on together, go back together when one is bad, and no client is failed twice', async (t) => {
  const stand = await openNewsroomStand({
    ...standRollout,
    ...{ strategy: ['strategy: canary', 'weights: [50, 100]'], latencyMax: '2s' },
    ...{ holdFor: '2s', minSamples: 15, drain: '500ms' },
  });
  t.after(() => stand.close());
  const archiveUrl = await addArchive(stand);
  assert.equal((await stand.surefoot(['up'])).exitCode, 0);
  const deploy = (...services: readonly string[]) =>
    stand.surefoot(['deploy', ...services, '--json']);
  const first = await deploy('newsroom=1.0', 'archive=1.0');
  assert.equal(first.exitCode, 0, first.stderr);
  const loads = await Promise.all(
    Object.entries({ archive: archiveUrl, newsroom: stand.url }).map(async ([name, url]) => {
      const out = join(stand.directory.logs, `${name}.ndjson`);
      const load = await startLoadProcess(loadClient, [
        ...['--url', url, '--rate', '40', '--duration', '300', '--out', out],
      ]);
      t.after(() => {
        load.kill();
      });
      return { load, out };
    }),
  );

  const good = await deploy('newsroom=2.0', 'archive=2.0');
  assert.equal(good.exitCode, 0, good.stderr);
  assert.deepEqual(await serving(stand), { archive: '2.0', newsroom: '2.0' });
  const bad = await deploy('newsroom=3.0', 'archive=4.0');
  assert.equal(bad.exitCode, 3, bad.stderr);
  assert.deepEqual(await serving(stand), { archive: '2.0', newsroom: '2.0' });
  const back = await stand.surefoot(['rollback', '--service', 'newsroom', '--yes', '--json']);
  assert.equal(back.exitCode, 0, back.stderr);
  assert.deepEqual(await serving(stand), { archive: '1.0', newsroom: '1.0' });

  for (const { load, out } of loads) {
    load.stop();
    await load.done;
    const { outcomes } = await readHistory(out);
    const failed = outcomes.filter(({ outcome, idempotent }) => outcome !== 'ok' && idempotent);
    assert.deepEqual(failed, []);
    assert.ok(outcomes.length > 0);
    const served = new Set(outcomes.map(({ version }) => version));
    assert.ok(served.has('1.0') && served.has('2.0'));
  }
});

/** The newsroom once more, under another name and address, before the one that depends on it. */
async function addArchive({ directory }: NewsroomStand): Promise<string> {
  const path = join(dirname(directory.root), 'surefoot.yaml');
  const text = await readFile(path, 'utf8');
  const port = await freePort();
  const newsroom = text.slice(text.indexOf('  newsroom:\n'));
  const archive = newsroom
    .replace('  newsroom:', '  archive:')
    .replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`);
  const dependent = text.replace('  newsroom:\n', '  newsroom:\n    dependsOn: [archive]\n');
  await writeFile(path, dependent + archive);
  return `http://127.0.0.1:${port}`;
}

/** By service the release that has all traffic, as its edge says. */
async function serving(stand: NewsroomStand): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await stand.surefoot(['status', '--json']);
  const { services } = JSON.parse(stdout) as StatusAnswer;
  return Object.fromEntries(
    services.map(({ service, routing }) => {
      const all = routing?.routing.pools.find(({ pool }) => routing.weights[pool] === 100);
      return [service, all?.version ?? 'none'];
    }),
  );
}
