import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newsroomAssetsMix, newsroomMix, newsroomRequest } from './newsroom-mix.ts';
import type { PlannedRequest } from './mix.ts';

function aSchedule(seed: number, length: number): readonly PlannedRequest[] {
  const context = { seed, runId: 'run' };
  return Array.from({ length }, (_, index) => newsroomRequest(context, ['1', '2', '3'], index));
}

test('the schedule is a pure function of the seed', () => {
  const first = aSchedule(7, 500);
  const backwards = Array.from({ length: 500 }, (_, index) =>
    newsroomRequest({ seed: 7, runId: 'run' }, ['1', '2', '3'], 499 - index),
  );

  assert.deepEqual(backwards.reverse(), first);
  assert.notDeepEqual(aSchedule(8, 500), first);
});

test('a schedule once published stays as it is', () => {
  const paths = aSchedule(7, 12).map(({ method, path }) => `${method} ${path}`);

  assert.deepEqual(paths, [
    'POST /api/articles/3/comments',
    'GET /api/articles',
    'GET /articles/3',
    'GET /articles/2',
    'POST /api/articles/2/comments',
    'GET /articles/3',
    'GET /',
    'GET /articles/3',
    'POST /api/articles/3/comments',
    'POST /api/articles/2/comments',
    'GET /articles/3',
    'GET /articles/3',
  ]);
});

test('the kinds come in their shares', () => {
  const counts = new Map<string, number>();
  for (const { kind } of aSchedule(1, 20_000)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const percent = (kind: string): number => ((counts.get(kind) ?? 0) / 20_000) * 100;

  for (const [kind, share] of [
    ['page', 65],
    ['api', 15],
    ['comment', 18],
    ['slow', 1],
  ] as const) {
    assert.ok(Math.abs(percent(kind) - share) < 1.5, `${kind}: ${percent(kind)} %`);
  }
});

test('with assets most requests need no database, and some still change something', async () => {
  const plan = await newsroomAssetsMix.prepare({
    seed: 1,
    runId: 'run',
    readJson: () => Promise.resolve([{ id: 1 }]),
  });
  const kinds = Array.from({ length: 5_000 }, (_, index) => plan(index).kind);
  const percent = (kind: string): number => kinds.filter((name) => name === kind).length / 50;

  assert.ok(percent('asset') > 70 && percent('comment') > 8, `${percent('asset')}`);
  assert.ok(percent('page') > 8 && percent('slow') === 0);
});

test('every comment has a client key of its own, with the prefix of the run', () => {
  const keys = aSchedule(3, 1000).flatMap(({ clientKey }) => clientKey ?? []);

  assert.ok(keys.length > 100);
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(keys.every((key) => key.startsWith('run-')));
});

test('the articles to ask for are learnt from the system, in an order of our own', async () => {
  const planner = (articles: readonly object[]) =>
    newsroomMix.prepare({ seed: 1, runId: 'run', readJson: () => Promise.resolve({ articles }) });
  const one = await planner([{ id: 10 }, { id: 9 }, { id: 'a/b' }]);
  const other = await planner([{ id: 'a/b' }, { id: 9 }, { id: 10 }]);
  const paths = Array.from({ length: 200 }, (_, index) => one(index).path);

  assert.deepEqual(
    paths,
    Array.from({ length: 200 }, (_, index) => other(index).path),
  );
  assert.ok(paths.includes('/articles/a%2Fb'));
});

test('a system without articles is refused before the load begins', async () => {
  const readJson = (): Promise<unknown> => Promise.resolve({ articles: [] });

  await assert.rejects(
    newsroomMix.prepare({ seed: 1, runId: 'run', readJson }),
    /lists no article with an id/,
  );
});
