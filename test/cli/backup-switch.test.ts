import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type TestContext } from 'node:test';
import { aFreeze } from '../support/core/freeze-builder.ts';
import { until } from '../support/until.ts';
import { aDeployment, aServiceStatus, aStatus } from './deployment-builder.ts';
import { json, problem, startFakeServer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand, startCommand } from './run-command.ts';

/** A folder whose file was "b" when it was taken, and is "lost" since. */
async function aKeeper(t: TestContext) {
  const folder = aProject(t);
  const media = join(folder, 'media');
  mkdirSync(media);
  writeFileSync(join(media, 'a.jpg'), 'a'.repeat(1_000));
  writeFileSync(join(media, 'b.jpg'), 'b');
  const declared = `media: { driver: files, path: ${media}, age: 24h, parts: 2 }`;
  appendFileSync(join(folder, 'surefoot.yaml'), `    backups:\n      ${declared}\n`);
  const run = (...args: readonly string[]) => runCommand(['backup', ...args], { cwd: folder });
  await run('take');
  const { out } = await run('list', '--json');
  const id = (JSON.parse(out) as { backups: readonly { id: string }[] }).backups[0]?.id ?? '';
  writeFileSync(join(media, 'b.jpg'), 'lost');
  const now = () => readFileSync(join(media, 'b.jpg'), 'utf8');
  const beside = () => readdirSync(folder).filter((name) => name.startsWith('media-'));
  return { folder, media, run, id, now, beside };
}

test('a backup takes the place of what is live when somebody agrees, and what was live comes back', async (t) => {
  const { folder, media, run, id, now, beside } = await aKeeper(t);
  const server = await startFakeServer(t, folder, {
    'GET /v1/status': json(aStatus({ services: [aServiceStatus()] })),
    'POST /v1/freezes': json([aFreeze()], 201),
    'POST /v1/freezes/lift': json([aFreeze()]),
    'POST /v1/backups/switched': json({}, 201),
  });

  const switched = await run('restore', id, '--switch', '--yes');
  const kept = `${media}-before-${id}`;
  assert.equal(switched.code, 0, switched.err);
  assert.match(switched.err, /b\.jpg +4 +1[^]*1 parts differ, 1 are the same\.\nWhat is live now/);
  assert.match(switched.out, /is live as .*media\.\nWhat was live before is kept as .*--back/);
  assert.deepEqual([now(), readFileSync(join(kept, 'b.jpg'), 'utf8')], ['b', 'lost']);
  const again = await run('restore', id, '--switch', '--yes');
  assert.match(again.out, /was made live before, and nothing was changed now/);
  const back = await run('restore', id, '--back', '--yes');

  assert.equal(back.code, 0, back.err);
  assert.deepEqual([now(), beside()], ['lost', [`${basename(media)}-undone-${id}`]]);
  const posted = server.seen.filter(({ method }) => method === 'POST').map(({ path }) => path);
  const whole = ['/v1/freezes', '/v1/backups/switched', '/v1/freezes/lift'];
  assert.deepEqual(posted, [...whole, '/v1/freezes', '/v1/freezes/lift', ...whole]);
  const told = server.seen.find(({ path }) => path === '/v1/backups/switched')?.body;
  const { actor, ...said } = told as Record<string, unknown>;
  assert.equal(typeof actor, 'string');
  assert.deepEqual(said, {
    ...{ environment: 'production', service: 'newsroom', backup: 'media', id, way: 'in', kept },
    reason: `backup restore ${id}`,
  });
});

test('nothing is replaced that nobody agreed to, and what would be is shown', async (t) => {
  const { folder, run, id, now, beside } = await aKeeper(t);

  const shown = await run('restore', id, '--switch', '--dry-run');
  const unasked = await run('restore', id, '--switch');
  const unaskedBack = await run('restore', id, '--back');
  const argv = ['backup', 'restore', id, '--switch'];
  const refused = startCommand(t, argv, { cwd: folder, columns: 200 });
  await until('it asks', () => refused.err().includes('in the place of'));
  refused.stdin.write('n');

  assert.equal(shown.code, 0, shown.err);
  assert.match(shown.out, /would become what it was at [^]*b\.jpg +4 +1/);
  for (const { code, err } of [unasked, unaskedBack]) {
    assert.equal(code, 2);
    assert.match(err, /no terminal to confirm on[^]*--yes/);
  }
  assert.equal(await refused.code, 2);
  assert.match(refused.err(), /Nothing was changed\./);
  assert.deepEqual([now(), beside()], ['lost', []]);

  const agreed = startCommand(t, argv, { cwd: folder, columns: 200 });
  await until('it asks', () => agreed.err().includes('in the place of'));
  agreed.stdin.write('y');
  assert.equal(await agreed.code, 0);
  assert.match(agreed.err(), /No server can be asked: [^]*no entry/);
  assert.equal(now(), 'b');
});

test('while a deployment runs nothing is replaced, and what it was frozen by is lifted', async (t) => {
  const { folder, run, id, now, beside } = await aKeeper(t);
  const running = aServiceStatus({ last: aDeployment({ status: 'running' }) });
  const server = await startFakeServer(t, folder, {
    'GET /v1/status': json(aStatus({ services: [running] })),
    'POST /v1/freezes': json([aFreeze()], 201),
    'POST /v1/freezes/lift': problem(503, 'agent-unreachable', 'gone'),
  });

  const { code, err } = await run('restore', id, '--switch', '--yes');

  assert.equal(code, 6);
  assert.match(err, /Deployment d7 of production has not ended/);
  assert.match(err, /is frozen yet \(gone\): surefoot unfreeze production\/newsroom/);
  assert.equal(server.seen.at(-1)?.path, '/v1/freezes/lift');
  assert.deepEqual([now(), beside()], ['lost', []]);
});

test('a backup that is not what was taken replaces nothing', async (t) => {
  const { folder, run, id, now, beside } = await aKeeper(t);
  const content = join(folder, '.surefoot/backups/production/newsroom/media', id, 'content');
  const whole = readFileSync(content);
  writeFileSync(content, whole.subarray(0, whole.length - 1));
  const cut = await run('restore', id, '--switch', '--yes');
  writeFileSync(content, whole);
  const yaml = join(folder, 'surefoot.yaml');
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('parts: 2', 'parts: 3'));

  const tooFew = await run('restore', id, '--switch', '--yes');

  assert.deepEqual([cut.code, tooFew.code], [3, 3]);
  assert.match(cut.err, /code: backup-damaged/);
  assert.match(tooFew.out, /✗ parts: 2 \(at least 3\)[^]*What is live is as it was/);
  assert.deepEqual([now(), beside()], ['lost', []]);
});

test('what cannot be meant is refused before anything is touched', async (t) => {
  const { run, id, now, beside } = await aKeeper(t);

  const answers = {
    opposites: await run('restore', id, '--switch', '--back'),
    'goes with --switch': await run('restore', id, '--yes'),
    'No backup has an id': await run('restore', '../x', '--back', '--yes'),
    'is not there.': await run('restore', 'b1', '--switch', '--yes'),
  };
  const nothing = await run('restore', id, '--back', '--yes');

  for (const [says, { code, err }] of Object.entries(answers)) {
    assert.equal(code, 2, `${says} ${err}`);
    assert.ok(err.includes(says), err);
  }
  assert.match(nothing.out, /is not there: .* is as it was/);
  assert.deepEqual([now(), beside()], ['lost', []]);
});

test('what somebody works with is said before anything is restored', async (t) => {
  const folder = aProject(t);
  const path = join(folder, 'live.sqlite');
  const live = new DatabaseSync(path);
  t.after(() => live.close());
  live.exec('CREATE TABLE orders (id)');
  const declared = `main: { driver: sqlite, path: ${path}, age: 24h, parts: 1 }`;
  appendFileSync(join(folder, 'surefoot.yaml'), `    backups:\n      ${declared}\n`);
  const run = (...args: readonly string[]) => runCommand(['backup', ...args], { cwd: folder });
  const { id } = JSON.parse((await run('take', '--json')).out) as { readonly id: string };

  const shown = await run('restore', id, '--switch', '--dry-run');
  const refused = await run('restore', id, '--switch', '--yes');

  assert.match(shown.out, /In use by process \d+ \(/);
  assert.equal(refused.code, 3);
  assert.match(refused.err, /is in use by process \d+[^]*not-switched/);
  assert.doesNotMatch(refused.err, /is being restored/);
});

test('where nothing says how, it is not switched, and nothing is restored', async (t) => {
  const folder = aProject(t);
  const part = '{"name":"a","size":1,"hash":"1"}';
  const take = `[sh, -c, 'echo x; echo ''${part}'' >"$0"', '{parts}']`;
  const made = `own: { driver: command, take: ${take}, restore: [tee, '{folder}/x'], list: [echo, '${part}'], age: 24h, parts: 1 }`;
  appendFileSync(join(folder, 'surefoot.yaml'), `    backups:\n      ${made}\n`);
  const run = (...args: readonly string[]) => runCommand(['backup', ...args], { cwd: folder });
  const taken = await run('take', '--json');
  assert.equal(taken.code, 0, taken.err + taken.out);
  const { id } = JSON.parse(taken.out) as { readonly id: string };

  const { code, err } = await run('restore', id, '--switch', '--yes');

  assert.equal(code, 3);
  assert.match(err, /Declare `switch` and `back`[^]*not-switched/);
});
