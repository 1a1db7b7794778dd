import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { PlannedRequest } from '../../tools/load/mix.ts';
import { npmViewMix } from './npm-view-mix.ts';

const tarball = Buffer.from('a tarball');
const shasum = createHash('sha1').update(tarball).digest('hex');

function aDocument(path: string): { name: string; versions: object } {
  const name = decodeURIComponent(path.slice(1));
  const dist = { shasum, tarball: `http://registry.example:4873/${name}/-/file-1.0.0.tgz` };
  return { name, versions: { '1.0.0': { dist } } };
}

async function aSchedule(seed: number): Promise<readonly PlannedRequest[]> {
  const readJson = (path: string): Promise<unknown> => Promise.resolve(aDocument(path));
  const plan = await npmViewMix.prepare({ seed, runId: 'run', readJson });
  return Array.from({ length: 500 }, (_, index) => plan(index));
}

test('the schedule hangs on the seed alone', async () => {
  const pathsOf = async (seed: number): Promise<readonly string[]> =>
    (await aSchedule(seed)).map(({ kind, path }) => `${kind} ${path}`);

  assert.deepEqual(await pathsOf(7), await pathsOf(7));
  assert.notDeepEqual(await pathsOf(7), await pathsOf(8));
});

test('scoped packages are asked for as npm does, with an escaped slash', async () => {
  const paths = new Set((await aSchedule(1)).map(({ path }) => path));

  assert.ok(paths.has('/@sample%2fkettle'));
  assert.ok(paths.has('/@sample/kettle/-/file-1.0.0.tgz'));
});

test('a document of another package, or one that is cut, is an error', async () => {
  const view = (await aSchedule(1)).find(({ kind }) => kind === 'view');
  const whole = JSON.stringify(aDocument(view?.path ?? ''));
  const check = (body: string): string | null | undefined => view?.checkBody?.(Buffer.from(body));

  assert.equal(check(whole), null);
  assert.equal(check(whole.slice(0, -1)), 'wrong-document');
  assert.equal(check(JSON.stringify(aDocument('/another'))), 'wrong-document');
  assert.equal(check('{}'), 'wrong-document');
});

test('a tarball with other bytes is an error', async () => {
  const check = (await aSchedule(1)).find(({ kind }) => kind === 'tarball')?.checkBody;

  assert.equal(check?.(tarball), null);
  assert.equal(check(Buffer.from('other bytes')), 'wrong-tarball');
});
